import { ProvisioningError } from './errors.js';
import type { Report } from './report.js';

/** The ways to provide servers, in order of preference. */
export const WAYS = ['external', 'docker', 'native'] as const;
/** The name of a way to run the servers. */
export type WayName = (typeof WAYS)[number];

/** The missing requirements of each way, as sentences for people; empty for a way that is open. */
export type Lacks = Partial<Record<WayName, readonly string[]>>;

const titles: Record<WayName, string> = {
  external: 'your own servers',
  docker: 'containers',
  native: 'the same servers without containers',
};

/**
 * The ways to try, in order. `forced` (PROVISION) allows only one. Kept data allows only external servers and the way that it was kept
 * by: another way would show an empty newsroom in place of the full one.
 */
export function waysToTry(forced: string | undefined, keptBy: WayName | undefined): readonly WayName[] {
  if (forced) {
    const way = WAYS.find(name => name === forced);
    if (!way) throw new ProvisioningError('unknown-way', `PROVISION is '${forced}'.`);
    return [way];
  }
  return keptBy ? [...new Set<WayName>(['external', keptBy])] : WAYS;
}

/** The error for when no way is open; `keptBy` says that the data of an earlier run limited the choice. */
export function closed(lacks: Lacks, keptBy: WayName | undefined, dataDir: string): ProvisioningError {
  const lines = WAYS.filter(name => lacks[name]).map(
    name => `  - ${name} (${titles[name]}): ${lacks[name]?.join('; ')}`,
  );
  if (!keptBy) return new ProvisioningError('impossible', lines.join('\n'));
  return new ProvisioningError(
    'kept-elsewhere',
    [
      ...lines,
      `'${keptBy}' created ${dataDir}. Make that way available again, or start over: npm start -- --fresh`,
    ].join('\n'),
  );
}

/** Where users sign in at Kafka with SASL PLAIN, and their passwords by name. They may do only what access rules allow. */
export interface KafkaUsers {
  readonly brokers: string;
  readonly passwords: Readonly<Record<string, string>>;
}

/** Servers that are running. */
export interface Running {
  readonly kafkaBrokers: string;
  /** Present if users were asked for and the servers are ours. */
  readonly kafkaUsers?: KafkaUsers;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** A way that can be started, or the list of what is missing. */
export type Opened = { readonly start: () => Promise<Running> } | { readonly lacks: readonly string[] };

/** The folders for the servers' files. `born` is true for a folder without data of an earlier run. */
export interface Place {
  readonly dir: string;
  readonly keep: boolean;
  readonly born: boolean;
  /** The users that sign in at Kafka. */
  readonly kafkaUsers: readonly string[];
  readonly report: Report;
}

/** Starts both at the same time; if one fails, stops the other and rejects. */
export async function startBoth<A extends Stoppable, B extends Stoppable>(
  a: Promise<A>,
  b: Promise<B>,
): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const one of [first, second]) if (one.status === 'fulfilled') await one.value.stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** External servers, named by KAFKA_BROKERS and DATABASE_URL. We neither start nor stop them. */
export function openExternal(env: NodeJS.ProcessEnv): Opened {
  const { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl } = env;
  if (!kafkaBrokers && !databaseUrl) return { lacks: ['KAFKA_BROKERS and DATABASE_URL are not set'] };
  if (!kafkaBrokers || !databaseUrl) {
    throw new ProvisioningError('half-external', `Only ${kafkaBrokers ? 'KAFKA_BROKERS' : 'DATABASE_URL'} is set.`);
  }
  return { start: async () => ({ kafkaBrokers, databaseUrl, stop: async () => {} }) };
}
