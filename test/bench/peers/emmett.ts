// The peer: @event-driven-io/emmett-postgresql as it comes, which appends and does nothing else. Prints appends per second.
import { perSecond } from '../load.js';
import { post } from '../posts.js';

/** What we use of it. Loaded here by name, so that whoever does not run this program need not have installed it. */
interface EventStore {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly { type: string; data: object }[]): Promise<unknown>;
  close(): Promise<void>;
}
const emmett: string = '@event-driven-io/emmett-postgresql';
const { getPostgreSQLEventStore } = (await import(emmett)) as { getPostgreSQLEventStore: (url: string) => EventStore };

const { DATABASE_URL = '', WRITERS = '64', STREAMS = '100', SECONDS = '5' } = process.env;
const store = getPostgreSQLEventStore(DATABASE_URL);
await store.schema.migrate();
let next = 0;
const appended = await perSecond(Number(WRITERS), Number(SECONDS), async () => {
  const number = next++;
  await store.appendToStream(`story-${number % Number(STREAMS)}`, [
    { type: 'DevelopmentRecorded', data: post(number) },
  ]);
  return true;
});
console.log(JSON.stringify({ appended }));
await store.close();
process.exit();
