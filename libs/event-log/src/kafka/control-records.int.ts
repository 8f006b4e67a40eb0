import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import { nameOf, readSome, record } from '../testing/contract.js';
import { ensureTopic, kafkaAppender, kafkaReader } from './index.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');

/** A foreign producer, as our own code never uses transactions. */
let stranger: Producer;
beforeAll(async () => {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const only = { allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 };
  stranger = kafka.producer({ ...only, transactionalId: `stranger-${randomUUID()}` });
  await stranger.connect();
}, 60_000);
afterAll(() => stranger?.disconnect());

/** Resolves once the broker has written the control record, a moment after it acknowledges the end. */
async function transaction(topic: string, names: readonly string[], end: 'commit' | 'abort'): Promise<void> {
  const before = await endOf(topic);
  const transaction = await stranger.transaction();
  for (const name of names) await transaction.send({ topic, messages: [{ value: name, headers: { ce_id: name } }] });
  await transaction[end]();
  while ((await endOf(topic)) < before + names.length + 1) await setTimeout(10);
}

async function endOf(topic: string): Promise<number> {
  const reader = kafkaReader({ brokers, topic });
  const { next } = await reader.bounds();
  await reader.close();
  return next;
}

describe('a Kafka transaction of another producer', () => {
  const [blank, own, strange] = ['', 'own', 'strange'];

  test("its records are read like any others, and the broker's control record is read as an empty one", async () => {
    const topic = `transactions-${randomUUID()}`;
    await ensureTopic({ brokers, topic });
    const appender = kafkaAppender({ brokers, topic });
    const append = async () => expect(await appender.append(record(own))).toBe('sent');
    await append();
    await transaction(topic, [strange, strange], 'commit');
    await append();
    await transaction(topic, [strange], 'abort');
    await append();
    // One at a time, so that a fetch may contain nothing else.
    await transaction(topic, [strange], 'commit');
    const due = [own, strange, strange, blank, own, strange, blank, own, strange, blank];
    const reader = kafkaReader({ brokers, topic });
    expect((await reader.bounds()).next).toBe(due.length);
    const read = await readSome(reader, 0, due.length);
    expect(read.map(nameOf)).toEqual(due);
    expect(read.map(({ offset }) => offset)).toEqual(due.map((_, index) => index));
    expect(read[3]).toMatchObject({ headers: {}, value: new Uint8Array() });
    // A read may begin at any of them, and the last fetch contains only a control record.
    for (const from of [3, 4, 9]) {
      const rest = await readSome(reader, from, due.length - from);
      expect(rest.map(nameOf)).toEqual(due.slice(from));
    }
    await reader.close();
    await appender.close();
  });

  test('a transaction that ends while a reader follows the log does not stop the reader', async () => {
    const topic = `transactions-${randomUUID()}`;
    await ensureTopic({ brokers, topic });
    const appender = kafkaAppender({ brokers, topic });
    const reader = kafkaReader({ brokers, topic });
    await appender.append(record(own));
    const reading = readSome(reader, 0, 6);
    await transaction(topic, [strange], 'commit');
    await appender.append(record(own));
    await transaction(topic, [strange], 'abort');
    expect((await reading).map(nameOf)).toEqual([own, strange, blank, own, strange, blank]);
    await reader.close();
    await appender.close();
  });
});
