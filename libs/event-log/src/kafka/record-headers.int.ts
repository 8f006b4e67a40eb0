import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { nameOf, readSome } from '../testing/contract.js';
import { ensureTopic, kafkaReader } from './index.js';
import { maxHeaders } from './kafkajs-patches.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');

/** A foreign client, as our own code never writes such records. */
async function append(topic: string, messages: Message[]): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (const message of messages) await producer.send({ topic, messages: [message] });
  await producer.disconnect();
}

const withHeaders = (name: string, count: number): Message => ({
  value: name,
  headers: { ce_id: name, ...Object.fromEntries(Array.from({ length: count - 1 }, (_, i) => [`h${i}`, ''])) },
});

// kafkajs copies all earlier headers for each header, which would take hours here.
test('a record with more headers than the maximum is read as one without headers, and the next one is read', async () => {
  const topic = `headers-${randomUUID()}`;
  await ensureTopic({ brokers, topic });
  const most = 120_000;
  await append(topic, [
    withHeaders('bound', maxHeaders),
    withHeaders('beyond', maxHeaders + 1),
    withHeaders('most', most),
    withHeaders('next', 1),
  ]);
  const reader = kafkaReader({ brokers, topic });
  const records = await readSome(reader, 0, 4);
  await reader.close();
  expect(records.map(record => [nameOf(record), Buffer.from(record.value).toString()])).toEqual([
    ['bound', 'bound'],
    ['', 'beyond'],
    ['', 'most'],
    ['next', 'next'],
  ]);
  expect(records.map(({ headers }) => Object.keys(headers).length)).toEqual([maxHeaders, 0, 0, 1]);
});
