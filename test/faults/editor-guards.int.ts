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
let processor: CommandProcessor;

beforeEach(async () => {
  admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  topic = `guards-${randomUUID()}`;
  await ensureTopic({ brokers, topic });
  const reader = kafkaReader({ brokers, topic, settingsCheckMs: 100 });
  processor = new CommandProcessor('urn:dateline:guards', 30_000, reader, kafkaAppender({ brokers, topic }), noKeys);
});
afterEach(async () => {
  await processor.close();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

// The editor-api ends when `follow` rejects.
test.each(unsafeSettings)('an editor-api ends if its log is given %s=%s while it runs', async (name, value) => {
  let end: Error | undefined;
  const following = processor.follow().catch((error: Error) => (end = error));
  await processor.open();
  // Safe settings are checked several times, and it goes on.
  await sleep(3_000);
  expect(end).toBeUndefined();
  await changeTopic(admin, topic, { [name]: value });
  await following;
  expect(end).toMatchObject({ code: 'log-unsafe', message: expect.stringContaining(`${name}=${value}`) });
});
