import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import kafkajs, { Kafka, logLevel, type Admin } from 'kafkajs';
import { ensureTopic } from './topic.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
let admin: Admin;
let topic: string;

beforeEach(async () => {
  topic = `topic-${randomUUID()}`;
  admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  await admin.connect();
});
afterEach(async () => {
  await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
  await admin.disconnect();
});

async function settingsOf(): Promise<Record<string, string>> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  return Object.fromEntries(resources[0]!.configEntries.map(e => [e.configName, e.configValue]));
}

const existing = (numPartitions: number, settings: Record<string, string>) =>
  admin.createTopics({
    // This client does not try again when a broker does not know the topic yet.
    waitForLeaders: false,
    topics: [
      { topic, numPartitions, configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })) },
    ],
  });

describe('the topic', () => {
  test('the topic is created with settings that keep every record unchanged, in one partition with a leader', async () => {
    await ensureTopic({ brokers, topic });
    expect(await settingsOf()).toMatchObject({
      'cleanup.policy': 'delete',
      'compression.type': 'uncompressed',
      'max.message.bytes': '1048576',
      'retention.bytes': '-1',
      'retention.ms': '-1',
      'unclean.leader.election.enable': 'false',
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]!.partitions.map(p => p.leader >= 0)).toEqual([true]);
  });

  test('the topic can be created by several processes at once, and again later', async () => {
    await Promise.all([1, 2, 3, 4].map(() => ensureTopic({ brokers, topic })));
    await ensureTopic({ brokers, topic });
  });

  test('a topic with more than one partition is refused', async () => {
    await existing(2, {});
    await expect(ensureTopic({ brokers, topic })).rejects.toMatchObject({
      code: 'log-unsafe',
      message: expect.stringContaining('2 partitions'),
    });
  });

  const safe = { 'compression.type': 'uncompressed', 'retention.ms': '-1', 'max.message.bytes': '1048576' };
  test.each([
    ['cleanup.policy', 'compact'],
    ['cleanup.policy', 'compact,delete'],
    ['compression.type', 'gzip'],
    ['max.message.bytes', '100000'],
    ['retention.bytes', '1000000'],
    ['retention.ms', '604800000'],
    ['unclean.leader.election.enable', 'true'],
  ])('a topic with %s=%s is refused, and the error names that setting', async (name, value) => {
    await existing(1, { ...safe, [name]: value });
    await expect(ensureTopic({ brokers, topic })).rejects.toMatchObject({
      code: 'log-unsafe',
      message: expect.stringContaining(`${name}=${value}`),
    });
  });

  test('an existing topic with safe settings is accepted', async () => {
    await existing(1, safe);
    await ensureTopic({ brokers, topic });
  });

  test('ensureTopic rejects with log-unreachable if no broker answers', async () => {
    const nobody = { brokers: ['127.0.0.1:1'], topic, patience: 1_000 };
    await expect(ensureTopic(nobody)).rejects.toMatchObject({ code: 'log-unreachable' });
  });
});
