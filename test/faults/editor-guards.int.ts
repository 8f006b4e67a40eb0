import { ensureTopic, kafkaAppender, kafkaReader } from '#event-log';
import { openKeyStore } from '#keys';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { changeTopic, unsafeSettings } from './topic-settings.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
/** This test seals nothing. */
const noKeys = openKeyStore({ KEY_STORE: 'file:///nowhere', DATABASE_URL: '' });

let admin: Admin;
let topic: string;
let processor: CommandProcessor | undefined;

function newProcessor(replicationFactor: number): CommandProcessor {
  const reader = kafkaReader({ brokers, topic, replicationFactor, settingsCheckMs: 100 });
  return (processor = new CommandProcessor(
    'urn:dateline:guards',
    30_000,
    reader,
    kafkaAppender({ brokers, topic }),
    noKeys,
  ));
}

beforeEach(async () => {
  admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  topic = `guards-${randomUUID()}`;
  await ensureTopic({ brokers, topic });
});
afterEach(async () => {
  await processor?.close();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

const withOne = unsafeSettings.map(([name, value]) => ({ name, value, copies: 1, safe: {} }));
const withThree = { name: 'min.insync.replicas', value: '1', copies: 3, safe: { 'min.insync.replicas': '2' } };

// The editor-api ends when `follow` rejects.
test.each([...withOne, withThree])(
  'an editor-api that requires $copies copies ends if its log is given $name=$value while it runs',
  async ({ name, value, copies, safe }) => {
    await changeTopic(admin, topic, safe);
    let end: Error | undefined;
    const processor = newProcessor(copies);
    const following = processor.follow().catch((error: Error) => (end = error));
    await processor.open();
    // Safe settings are checked several times, and it goes on.
    await sleep(3_000);
    expect(end).toBeUndefined();
    await changeTopic(admin, topic, { [name]: value });
    await following;
    expect(end).toMatchObject({ code: 'log-unsafe', message: expect.stringContaining(`${name}=${value}`) });
  },
);
