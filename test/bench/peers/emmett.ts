// The peer: @event-driven-io/emmett-postgresql with its defaults. It only appends. The program prints its appends per second.
import { perSecond } from '../load.js';
import { post } from '../posts.js';

/** The part of the package that this program uses. It is imported by name, so that only users of this program must install it. */
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
const append = () => {
  const number = next++;
  const event = { type: 'DevelopmentRecorded', data: post(number) };
  return store.appendToStream(`story-${number % Number(STREAMS)}`, [event]);
};
// Two simultaneous first appends to a stream conflict, and one fails.
while (next < Number(STREAMS)) await append();
const appended = await perSecond(Number(WRITERS), Number(SECONDS), () =>
  append().then(
    () => true,
    () => false,
  ),
);
console.log(JSON.stringify({ appended }));
await store.close();
process.exit();
