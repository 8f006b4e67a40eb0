import kafkajs, { type IHeaders, type Message } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes as text if they are valid UTF-8, else as base64. */
type Bytes = string | { readonly base64: string };

/** A record exactly as Kafka stores it: nothing is decoded, omitted or corrected. */
export interface RawRecord {
  readonly key: Bytes | null;
  readonly headers: readonly (readonly [name: string, value: Bytes])[];
  readonly value: Bytes | null;
}

export const bytesOf = (bytes: Bytes): Buffer =>
  typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.base64, 'base64');

export function toBytes(buffer: Uint8Array): Bytes {
  const text = Buffer.from(buffer).toString('utf8');
  return Buffer.from(text).equals(buffer) ? text : { base64: Buffer.from(buffer).toString('base64') };
}

const brokers = () => process.env.KAFKA_BROKERS!.split(',');
const kafka = () => new kafkajs.Kafka({ brokers: brokers(), logLevel: kafkajs.logLevel.NOTHING });
/** Maximum number of records in one request. */
const atOnce = 100;
const readMs = 30_000;

/** Appends the records byte for byte, in order, to the only partition of an existing topic. */
export async function appendRaw(topic: string, records: readonly RawRecord[]): Promise<void> {
  const producer = kafka().producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    for (let at = 0; at < records.length; at += atOnce)
      await producer.send({ topic, acks: -1, messages: records.slice(at, at + atOnce).map(messageOf) });
  } finally {
    await producer.disconnect();
  }
}

function messageOf({ key, headers, value }: RawRecord): Message {
  const values = new Map<string, Buffer[]>();
  for (const [name, bytes] of headers) values.set(name, [...(values.get(name) ?? []), bytesOf(bytes)]);
  return {
    partition: 0,
    key: key === null ? null : bytesOf(key),
    value: value === null ? null : bytesOf(value),
    headers: Object.fromEntries(values) as IHeaders,
  };
}

/** Every record of a topic up to its current end. */
export async function readRaw(topic: string): Promise<RawRecord[]> {
  const admin = kafka().admin();
  await admin.connect();
  const [{ high } = { high: '0' }] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const records: RawRecord[] = [];
  const consumer = kafka().consumer({ groupId: `${topic}.${randomUUID()}`, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, headers = {}, value } }) => {
      const each = Object.entries(headers).flatMap(([name, held]) =>
        [held].flat().map(one => [name, toBytes(Buffer.from(one!))] as const),
      );
      records.push({ key: key && toBytes(key), headers: each, value: value && toBytes(value) });
    },
  });
  for (const end = Date.now() + readMs; records.length < Number(high); await sleep(50))
    if (Date.now() > end) throw new Error(`Only ${records.length} of ${high} records of ${topic} came.`);
  await consumer.disconnect();
  return records;
}
