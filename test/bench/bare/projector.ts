// The bare pipeline's second process: it consumes the topic, inserts a row for each record and sends a notification.
import pg from 'pg';
import { kafka, topic } from './kafka.js';
import { serve } from './serve.js';

// A notification has at most 8,000 bytes, and an id has 36.
const notified = 200;

const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
const insert = `with put as (insert into bare select * from unnest($1::text[], $2::text[]))
  select pg_notify('bare', $3) where $3 <> ''`;

const consumer = kafka().consumer({ groupId: `${topic()}.projector`, readUncommitted: true });
const { GROUP_JOIN } = consumer.events;
const { promise: joined, resolve } = Promise.withResolvers<void>();
consumer.on(GROUP_JOIN, () => resolve());
await consumer.connect();
await consumer.subscribe({ topic: topic(), fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: true,
  eachBatch: async ({ batch: { messages } }) => {
    for (let at = 0; at < messages.length; at += notified) {
      const some = messages.slice(at, at + notified);
      const ids = some.map(({ headers }) => String(headers!.id));
      await client.query(insert, [ids, some.map(({ value }) => String(value)), ids.join()]);
    }
  },
});
await joined;
await serve((_, response) => response.end());
