import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import { LogError } from '../port.js';
import { KafkaAdmin } from './admin.js';
import type { KafkaOptions } from './client.js';

// Node does not find this one among the exports of the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

/** The topic to create or check. A new topic gets `replicationFactor` copies, or one on each broker, at most three. */
export interface TopicOptions extends KafkaOptions {
  /** How long to try, in milliseconds. Default: 30,000. */
  readonly patience?: number;
}

/** Bytes. Enough for a body of 256 KiB, its escapes and its headers. */
const largestRecord = 1024 * 1024;

const settings: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'retention.bytes': '-1',
  'retention.ms': '-1',
  'unclean.leader.election.enable': 'false',
};

/**
 * Creates the log's topic, or checks the existing one; resolves when its partition has a leader. Rejects with `log-unsafe`, which names
 * the wrong setting, or with `log-unreachable`. Several processes may call it at once.
 */
export async function ensureTopic(options: TopicOptions): Promise<void> {
  const admin = new KafkaAdmin(options);
  const until = performance.now() + (options.patience ?? 30_000);
  try {
    for (;;) {
      try {
        await admin.run(a => create(a, options));
        return await admin.run(a => check(a, options));
      } catch (error) {
        if (error instanceof LogError) throw error;
        // One broker may know the topic before the next one does.
        if (performance.now() > until)
          throw new LogError('log-unreachable', (error as Error).message, { cause: error });
        await sleep(200);
      }
    }
  } finally {
    await admin.close();
  }
}

/** The topic of a log's visibility log, which records when readers could see each position. */
export const visibilityLogOf = (log: KafkaOptions): KafkaOptions => ({ ...log, topic: `${log.topic}.visible` });

/** Whether the topic exists, whatever its settings. Rejects with `log-unreachable`. */
export async function topicExists(options: KafkaOptions): Promise<boolean> {
  const admin = new KafkaAdmin(options);
  try {
    return (await admin.run(a => a.listTopics())).includes(options.topic);
  } catch (error) {
    throw new LogError('log-unreachable', (error as Error).message, { cause: error });
  } finally {
    await admin.close();
  }
}

async function create(admin: Admin, { topic, replicationFactor }: TopicOptions): Promise<void> {
  if ((await admin.listTopics()).includes(topic)) return;
  const copies = replicationFactor ?? Math.min(3, (await admin.describeCluster()).brokers.length);
  const entries = {
    ...settings,
    'max.message.bytes': String(largestRecord),
    'min.insync.replicas': copies >= 3 ? '2' : '1',
  };
  const configEntries = Object.entries(entries).map(([name, value]) => ({ name, value }));
  // False if another process created it first, which is fine.
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: copies, configEntries }] });
}

async function check(admin: Admin, { topic, replicationFactor = 1 }: KafkaOptions): Promise<void> {
  const copies = await copiesOf(admin, topic);
  if (copies < replicationFactor)
    throw new LogError('log-unsafe', `${topic} has a replication factor of ${copies}, not ${replicationFactor}`);
  const found = await configOf(admin, topic);
  const unsafe =
    unsafeIn(found, { topic, replicationFactor }) ?? tooLow(found, topic, 'max.message.bytes', largestRecord);
  if (unsafe) throw unsafe;
}

/** The error that names the topic's first setting that could lose or change a record, if there is one. */
export const unsafeSetting = async (admin: Admin, log: KafkaOptions): Promise<LogError | undefined> =>
  unsafeIn(await configOf(admin, log.topic), log);

type Config = Readonly<Record<string, string>>;
type Checked = Pick<KafkaOptions, 'topic' | 'replicationFactor'>;

function unsafeIn(found: Config, { topic, replicationFactor = 1 }: Checked): LogError | undefined {
  const wrong = Object.entries(settings).find(([name, value]) => found[name] !== value);
  if (!wrong) return tooLow(found, topic, 'min.insync.replicas', replicationFactor > 2 ? 2 : 1);
  const [name, value] = wrong;
  return new LogError('log-unsafe', `${topic} has ${name}=${found[name]}, not ${value}`);
}

function tooLow(found: Config, topic: string, name: string, least: number): LogError | undefined {
  if (Number(found[name]) >= least) return undefined;
  return new LogError('log-unsafe', `${topic} has ${name}=${found[name]}, less than ${least}`);
}

/** The number of replicas of its only partition, which must have a leader. */
async function copiesOf(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const [partition, ...more] = topics[0]?.partitions ?? [];
  if (more.length > 0) throw new LogError('log-unsafe', `${topic} has ${more.length + 1} partitions`);
  if (!partition || partition.leader < 0) throw new Error(`${topic} has no leader yet`);
  return partition.replicas.length;
}

async function configOf(admin: Admin, topic: string): Promise<Config> {
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  return Object.fromEntries(resources[0]!.configEntries.map(e => [e.configName, e.configValue]));
}
