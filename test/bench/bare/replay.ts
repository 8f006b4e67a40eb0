// The floor of a replay: a bare consumer that reads the log and writes the same rows for each commit as the product, with `unnest`. It uses
// the rows of one commit in the product’s build as templates, and replaces their ids and position. Prints how long the replay took.
import pg from 'pg';
import { kafka, topic } from './kafka.js';

const { DATABASE_URL, BUILD = '', STORY = '', DEVELOPMENT = '', RECORDS } = process.env;
const [records, schema] = [Number(RECORDS), 'bare_replay'];
const client = new pg.Client(DATABASE_URL);
await client.connect();

interface Template {
  readonly insert: string;
  /** The columns of one row as text. */
  readonly columns: readonly (string | null)[];
}

/** The position and the id of the commit whose rows are the templates. */
const { rows: places } = await client.query<{ position: number; id: string }>(
  `select c.position, c.id from ${BUILD}.commit c join ${BUILD}.timeline t using (position) where t.story = $1 and t.development = $2`,
  [STORY, DEVELOPMENT],
);
const { position, id } = places[0]!;

/** Copies the indexes, without uniqueness: rows from one template differ only in the replaced ids and positions. */
async function copyIndexes(table: string): Promise<void> {
  const sql = 'select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = $1::regclass';
  const { rows } = await client.query<{ definition: string }>(sql, [`${BUILD}.${table}`]);
  for (const { definition } of rows)
    await client.query(
      definition.replace(/^CREATE (UNIQUE )?INDEX .*? USING/, `create index on ${schema}.${table} using`),
    );
}

/** A template for each row of the commit in this table. */
async function templatesOf(table: string): Promise<Template[]> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`${BUILD}.${table}`],
  );
  const names = columns.map(({ name }) => pg.escapeIdentifier(name));
  const texts = names.map(name => `${name}::text`).join(', ');
  const has = (name: string) => columns.some(column => column.name === name);
  const where = has('development') ? 'development = $1' : has('position') ? 'position = $1' : 'false';
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${texts} from ${BUILD}.${table} where ${where}`,
    values: where === 'false' ? [] : [has('development') ? DEVELOPMENT : position],
    rowMode: 'array',
  });
  await client.query(`create table ${schema}.${table} (like ${BUILD}.${table} including generated)`);
  await copyIndexes(table);
  const cast = columns.map(({ type }, at) => `c${at}::${type}`).join(', ');
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`).join(', ');
  const named = columns.map((_, at) => `c${at}`).join(', ');
  const insert = `insert into ${schema}.${table} (${names}) select ${cast} from unnest(${arrays}) as held (${named})`;
  return rows.map(row => ({ insert, columns: row }));
}

await client.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
const { rows: tables } = await client.query<{ name: string }>(
  `select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and reltuples > $2`,
  [BUILD, records * 0.8],
);
const templates = (await Promise.all(tables.map(({ name }) => templatesOf(name)))).flat();

interface Seen {
  readonly position: string;
  readonly id: string;
  readonly story: string;
  readonly development: string;
}
const numbered = new RegExp(`(?<=: ?|^)${position}(?=[,}]|$)`, 'g');
const filled = (text: string | null, seen: Seen) =>
  text === null
    ? null
    : text
        .replaceAll(DEVELOPMENT, seen.development)
        .replaceAll(id, seen.id)
        .replaceAll(STORY, seen.story)
        .replace(numbered, seen.position);

async function write(batch: readonly Seen[]): Promise<void> {
  await client.query('begin');
  for (const { insert, columns } of templates)
    await client.query(
      insert,
      columns.map(text => batch.map(seen => filled(text, seen))),
    );
  await client.query('commit');
}

function failed(error: unknown): never {
  console.error(error);
  process.exit(1);
}

const consumer = kafka().consumer({ groupId: `${topic()}.bare-replay`, readUncommitted: true, maxWaitTimeInMs: 100 });
await consumer.connect();
await consumer.subscribe({ topic: topic(), fromBeginning: true });
const { promise: done, resolve } = Promise.withResolvers<void>();
let read = 0;
const began = performance.now();
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch: { messages } }) => {
    const batch: Seen[] = [];
    for (const { headers, value } of messages) {
      const { events } = JSON.parse(String(value)) as { events: { data: { development?: string } }[] };
      const { development } = events[0]!.data;
      const position = String(++read);
      const story = String(headers!.ce_subject).slice('story:'.length);
      if (development) batch.push({ position, id: String(headers!.ce_id), story, development });
    }
    // kafkajs would retry silently and without a limit.
    if (batch.length > 0) await write(batch).catch(failed);
    if (read >= records) resolve();
  },
});
await done;
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1_000, templates: templates.length }));
await client.query(`drop schema ${schema} cascade`);
process.exit();
