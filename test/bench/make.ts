// Appends a part of a made log to Kafka, and its keys to the key store. A separate program, so that two processes can share the work.
import { kafkaAppender, type NewRecord } from '#event-log';
import pg from 'pg';
import { beginning, commitsOf, madeDevelopment, madeText, secretOf } from './made-log.js';

// That many records fit into the largest batch that the topic accepts.
const atOnce = 400;
const keysAtOnce = 10_000;

const { KAFKA_BROKERS = '', LOG_TOPIC: topic = '', DATABASE_URL, FROM, TO, DEVELOPMENTS } = process.env;
const [from, to, developments] = [Number(FROM), Number(TO), Number(DEVELOPMENTS)];
const appender = kafkaAppender({ brokers: KAFKA_BROKERS.split(','), topic });

async function append(records: readonly NewRecord[]): Promise<void> {
  if ((await appender.appendTogether(records)) !== 'sent') throw new Error('The log did not accept a batch.');
}

async function appendAll(): Promise<void> {
  let [batch, sending]: [NewRecord[], Promise<void>] = [[], Promise.resolve()];
  for (const record of commitsOf({ from, to, developments })) {
    batch.push(record);
    if (batch.length < atOnce) continue;
    // The loop makes the next batch while this one is sent.
    await sending;
    sending = append(batch);
    batch = [];
  }
  await sending;
  if (batch.length > 0) await append(batch);
}

async function keepKeys(): Promise<void> {
  const client = new pg.Client(DATABASE_URL);
  await client.connect();
  const sql = 'insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[])';
  let ids: string[] = [];
  const flush = async () => {
    await client.query(sql, [ids, ids.map(secretOf)]);
    ids = [];
  };
  for (let story = from; story < to; story++) {
    ids.push(madeText(story));
    for (let number = 0; number < developments; number++) {
      ids.push(madeDevelopment(story, number));
      if (ids.length >= keysAtOnce) await flush();
    }
  }
  if (ids.length > 0) await flush();
  await client.end();
}

if (from === to) await append(beginning());
else {
  await keepKeys();
  await appendAll();
}
await appender.close();
