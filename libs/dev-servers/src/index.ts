import {
  closed,
  type KafkaUsers,
  type Lacks,
  type Opened,
  openExternal,
  type Place,
  type Running,
  type WayName,
  waysToTry,
} from './ways.js';
import { claimKept, claimThrowAway, type Folder } from './folder.js';
import { openNative } from './native.js';

export { lackedByKafka, serversIn, startGuardedKafka } from './native.js';
export { lackedByS3, startS3, type S3Server } from './native-s3.js';
export type { KafkaUsers } from './ways.js';
export { freePort } from './free-port.js';
export { reported, type Report } from './report.js';
export { PROVISIONING_ERRORS, ProvisioningError, type ProvisioningErrorCode } from './errors.js';

/** A Kafka broker and a PostgreSQL database, both running. */
export interface Services {
  /** host:port, comma-separated. At servers that we started nobody signs in here, and everybody is the administrator. */
  readonly kafkaBrokers: string;
  /** Where the users that were asked for sign in; undefined for external servers. */
  readonly kafkaUsers?: KafkaUsers;
  readonly databaseUrl: string;
  readonly provisionedBy: WayName;
  /** Stops the servers that provision() started, with all their processes. Idempotent. */
  stop(): Promise<void>;
}

/** Where to keep data, whether to keep it, and where to report progress. */
export interface ProvisionOptions {
  /** The folder of kept data and logs, used by one process at a time. */
  readonly dataDir: string;
  /** True: a later provision() of the same dataDir finds the data again, even after kill -9. False: all data is deleted. */
  readonly keep: boolean;
  /** The names of users that sign in at Kafka and have only the rights that access rules give them. Default: none. */
  readonly kafkaUsers?: readonly string[];
  /** Called with a line for each step that takes longer than two seconds. */
  readonly report: (line: string) => void;
}

/**
 * Provides real servers: those that KAFKA_BROKERS and DATABASE_URL name, else containers, else native processes.
 * PROVISION=external|docker|native in the environment allows one way only.
 * @throws ProvisioningError naming every way and what it lacks.
 */
export async function provision({ dataDir, keep, kafkaUsers = [], report }: ProvisionOptions): Promise<Services> {
  const folder = keep ? claimKept(dataDir) : claimThrowAway();
  const place: Place = { dir: folder.dir, keep, born: !folder.keptBy, kafkaUsers, report };
  try {
    return await firstOpen(waysToTry(process.env.PROVISION, folder.keptBy), place, folder);
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function firstOpen(ways: readonly WayName[], place: Place, folder: Folder): Promise<Services> {
  const lacks: Lacks = {};
  for (const way of ways) {
    const opened = await open(way, place);
    if ('lacks' in opened) {
      lacks[way] = opened.lacks;
      continue;
    }
    const running = await opened.start();
    folder.markKept(way);
    return services(way, running, folder);
  }
  throw closed(lacks, process.env.PROVISION ? undefined : folder.keptBy, place.dir);
}

async function open(way: WayName, place: Place): Promise<Opened> {
  if (way === 'external') return openExternal(process.env);
  if (way === 'native') return openNative(place);
  // The container library takes a second to load, so load it only where it is needed.
  const { openDocker } = await import('./docker.js');
  return openDocker(place);
}

function services(provisionedBy: WayName, running: Running, folder: Folder): Services {
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= running.stop().finally(() => folder.release()));
  return { ...running, provisionedBy, stop };
}
