import { ensureTopic } from '#event-log';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Newsroom } from '../../apps/projector/src/loop/loop.fixture.js';
import { until } from '../../apps/projector/src/servers.fixture.js';
import { changeTopic, unsafeSettings } from './topic-settings.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });

let admin: Admin;
let newsroom: Newsroom;

beforeEach(async () => {
  admin = kafka.admin();
  await admin.connect();
  newsroom = await Newsroom.open();
  await newsroom.post(6);
});
afterEach(async () => {
  await newsroom.close();
  await admin.deleteTopics({ topics: [newsroom.topic] });
  await admin.disconnect();
});

const rows = async () => (await newsroom.pool.query('select * from dateline.build')).rows;

/** Deletes the topic and creates it again, empty. */
async function remake(): Promise<void> {
  const { topic } = newsroom;
  await admin.deleteTopics({ topics: [topic] });
  await until(async () => !(await admin.listTopics()).includes(topic));
  await ensureTopic({ brokers, topic });
}

/** Truncates the log, as a topic with limited retention would. */
async function truncate(): Promise<void> {
  const { topic } = newsroom;
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
}

describe('a projector halts and changes nothing if its log', () => {
  const damages: [string, () => Promise<void>, string][] = [
    ['was replaced by an empty one', remake, 'log-gone-back'],
    ['lost its first records', truncate, 'log-truncated'],
  ];

  test.each(damages)('%s before it starts', async (_, damage, code) => {
    const loop = newsroom.start();
    await newsroom.settled();
    await loop.stop();
    const before = await rows();
    await damage();
    expect(await newsroom.start().ended).toMatchObject({ code });
    expect(await rows()).toEqual(before);
  });

  test.each(damages)('%s while it runs', async (_, damage, code) => {
    const loop = newsroom.start();
    await newsroom.settled();
    const before = await rows();
    await damage();
    expect(await loop.ended).toMatchObject({ code });
    expect(await rows()).toEqual(before);
  });

  test.each(unsafeSettings)('is given %s=%s while it runs', async (name, value) => {
    const loop = newsroom.start({ settingsCheckMs: 100 });
    // Safe settings are checked several times, and it goes on.
    await newsroom.settled();
    await sleep(3_000);
    await newsroom.post(1);
    await newsroom.settled();
    const before = await rows();
    await changeTopic(admin, newsroom.topic, { [name]: value });
    const message = expect.stringContaining(`${name}=${value}`);
    expect(await loop.ended).toMatchObject({ code: 'log-unsafe', message });
    expect(await rows()).toEqual(before);
  });
});
