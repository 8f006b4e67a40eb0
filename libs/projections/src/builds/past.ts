import { projectFile } from '#checkout';
import { escapeIdentifier, type Client } from '#postgres';
import { readFileSync } from 'node:fs';
import { tablesOf, type Projection, type Table } from '../folds/fold.js';

// How a build stores the past. A table `T` whose rows change is stored as two tables: `T_now` has the current rows, and `T_past` the
// former rows. Each row has the positions at which it was current: from `valid_from`, before `valid_to`. Both inherit from `T_versions`,
// which itself has no rows, so that Postgres reads both in the order of an index. `T` is a view of the current rows. A second schema
// has a view for each table, under the table's own name, of the rows as of the position in the setting `dateline.at`. A third schema has
// views of those of them that are known to have begun by the instant in the setting `dateline.begun`, in milliseconds since 1970.

/** Changes whenever the statements below do: builds that store rows in different ways are different builds. */
export const layout = 4;

/** The schema of the views that show a build's rows as of a position. */
export const pastSchema = (build: string) => `${build}_at`;
/** The schema of the views that show, of those rows, only what is known to have begun by an instant. */
export const begunSchema = (build: string) => `${build}_by`;

/** The relation that holds the current rows of a table. */
export const currentOf = (name: string, { past }: Pick<Table, 'past'>) => (past === 'versions' ? `${name}_now` : name);
/** The relation that holds the former rows of a table whose every version is kept. */
export const formerOf = (name: string) => `${name}_past`;
/** The relation that holds all versions of the rows of such a table, current or former. */
export const versionsOf = (name: string) => `${name}_versions`;
/** The view of the current rows of such a table and the positions from which they are current. */
export const begunOf = (name: string) => `${name}_begun`;
/** The end of a current row: later than any position. */
export const endless = 2 ** 31 - 1;

/** The relations in which a build stores rows, and their keys, by the names under which they are compared. */
export type Stored = Readonly<Record<string, { readonly relation: string; readonly key: readonly string[] }>>;

/** The stored relations of these tables. Former rows are in a separate table. */
export const storedIn = (tables: Readonly<Record<string, Pick<Table, 'key' | 'past'>>>): Stored =>
  Object.fromEntries(
    Object.entries(tables).flatMap(([name, table]) => {
      const current = [name, { relation: currentOf(name, table), key: table.key }] as const;
      if (table.past !== 'versions') return [current];
      return [current, [formerOf(name), { relation: formerOf(name), key: [...table.key, 'valid_from'] }] as const];
    }),
  );

/** The statements that create the views of what had begun by an instant. */
export const begunViews = () => readFileSync(projectFile('libs/projections/src/builds/begun.sql'), 'utf8');

const list = (columns: readonly string[]) => columns.map(escapeIdentifier).join(', ');

/**
 * Splits the tables of a new build and creates the views of its past. The build must be the current schema.
 */
export async function createPast(client: Client, build: string, projections: readonly Projection[]): Promise<void> {
  const schema = escapeIdentifier(pastSchema(build));
  await client.query(`create schema ${schema}`);
  for (const [name, table] of Object.entries(tablesOf(projections))) {
    if (!table.past) continue;
    const columns = await storedColumns(client, build, name);
    if (table.past === 'versions') await splitTable(client, name, table, columns);
    await client.query(`create view ${schema}.${escapeIdentifier(name)} as ${asOf(name, table, columns)}`);
  }
}

/** Creates views of a build's tables twice: of the current rows, and of the rows as of a position. Call it after `createPast`. */
export async function createViews(client: Client, build: string, views: readonly string[]): Promise<void> {
  const [current, past] = [build, pastSchema(build)].map(escapeIdentifier);
  for (const sql of views) await client.query(sql);
  await client.query(`set local search_path to ${past}, ${current}`);
  for (const sql of views) await client.query(sql);
  await client.query(`set local search_path to ${current}`);
}

/**
 * Creates the views of what had begun by an instant, if the build has the tables for them. Call it after `createPast`.
 */
export async function createBegun(client: Client, build: string, projections: readonly Projection[]): Promise<void> {
  const [begun, past] = [begunSchema(build), pastSchema(build)].map(escapeIdentifier);
  await client.query(`create schema ${begun}`);
  const tables = tablesOf(projections);
  if (!['timeline', 'timeline_change', 'actor_citation', 'actor_mark'].every(name => tables[name])) return;
  // A view takes its tables from the first schema that has them: of a name that is created here, from the schema of the past.
  await client.query(`set local search_path to ${begun}, ${past}, ${escapeIdentifier(build)}`);
  await client.query(begunViews());
  await client.query(`set local search_path to ${escapeIdentifier(build)}`);
}

/** The columns of a build's relation, except computed ones. */
export async function storedColumns(client: Client, build: string, relation: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`${escapeIdentifier(build)}.${escapeIdentifier(relation)}`],
  );
  return rows.map(({ name }) => name);
}

// A row with very many versions, such as a story's, stores the fork of each version: the number in [valid_from, valid_to) that is divisible
// by the highest power of two. Two versions of a row never have the same fork, and the version that is current at a position has one of
// only 31 possible forks. So 31 look-ups find it, however many versions there are.
const highestBit = `(32 - position(b'1' in ((valid_from - 1) # (valid_to - 1))::bit(32)))`;
const fork = `((valid_to - 1) >> ${highestBit}) << ${highestBit}`;
const at = `current_setting('dateline.at')::integer`;
const forksOfPosition = `array(
  select (((position.at >> bit) >> 1) << 1 | 1) << bit from generate_series(0, 30) bit, (select ${at} as at) position
)`;

async function splitTable(client: Client, name: string, table: Table, columns: readonly string[]): Promise<void> {
  const { key, manyVersions } = table;
  const [now, past, versions] = [currentOf(name, table), formerOf(name), versionsOf(name)].map(escapeIdentifier) as [
    string,
    string,
    string,
  ];
  await client.query(`alter table ${escapeIdentifier(name)} rename to ${now}`);
  await client.query(
    `alter table ${now} add column valid_from integer not null, add column valid_to integer not null default ${endless},
       add check (valid_to > valid_from)`,
  );
  if (manyVersions)
    await client.query(`alter table ${now} add column fork integer not null generated always as (${fork}) stored`);
  await client.query(`create table ${versions} (like ${now} including generated including constraints)`);
  const unique = list([...key, manyVersions ? 'fork' : 'valid_to']);
  await client.query(`create table ${past} (primary key (${unique})) inherits (${versions})`);
  await client.query(`alter table ${now} inherit ${versions}`);
  await client.query(`create view ${escapeIdentifier(name)} as select ${list(columns)} from ${now}`);
  await client.query(
    `create view ${escapeIdentifier(begunOf(name))} as select ${list([...columns, 'valid_from'])} from ${now}`,
  );
  // Reads of the past may sort by other columns than the key, so the former rows get each index that the current rows have, with the ends of
  // each version: a scan passes over those that were not current then without reading them. A row with very many versions is found by its fork
  // alone.
  for (const index of manyVersions ? [] : await indexesOf(client, now)) await copyIndex(client, index, past);
  for (const counted of table.counted ?? [])
    for (const relation of [now, past])
      await client.query(`create index on ${relation} (${list([...counted, 'valid_from', 'valid_to'])})`);
  // Statistics would hold samples of contents, which a takedown could not delete. So a column without statistics in the current rows has
  // none in the relations of former rows.
  const { rows: silent } = await client.query<{ column: string }>(
    `select attname as column from pg_attribute where attrelid = $1::regclass and attstattarget = 0`,
    [now],
  );
  for (const { column } of silent)
    for (const relation of [past, versions])
      await client.query(`alter table ${relation} alter ${escapeIdentifier(column)} set statistics 0`);
}

interface Index {
  readonly name: string;
  /** Its access method, such as btree or gin. */
  readonly method: string;
  readonly columns: string;
  /** Which rows are in it; null for all. */
  readonly predicate: string | null;
  /** The numbers of its columns that have no statistics. */
  readonly silent: readonly number[];
}

/** Creates such an index on the former rows, with the ends of each version if it has an order. */
async function copyIndex(client: Client, { name, method, columns, predicate, silent }: Index, past: string) {
  const copy = escapeIdentifier(formerOf(name));
  const ends = method === 'btree' ? ', valid_from, valid_to' : '';
  const where = predicate ? `where ${predicate}` : '';
  await client.query(`create index ${copy} on ${past} using ${method} (${columns}${ends}) ${where}`);
  // Postgres keeps statistics of an index on an expression beside those of the table.
  for (const column of silent) await client.query(`alter index ${copy} alter column ${column} set statistics 0`);
}

/** The indexes of a relation, without its primary key. */
async function indexesOf(client: Client, relation: string): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select index.relname as name, amname as method, pg_get_expr(indpred, indrelid) as predicate,
       string_agg('(' || pg_get_indexdef(indexrelid, attnum, true) || ')', ', ' order by attnum) as columns,
       coalesce(array_agg(attnum) filter (where attstattarget = 0), '{}') as silent
     from pg_index join pg_class index on index.oid = indexrelid join pg_am on pg_am.oid = relam
       join pg_attribute on attrelid = indexrelid and attnum <= indnkeyatts
     where indrelid = $1::regclass and not indisprimary group by index.relname, amname, indpred, indrelid`,
    [relation],
  );
  return rows;
}

function asOf(name: string, { past, placed, manyVersions }: Table, columns: readonly string[]): string {
  const rows = (relation: string) => `select ${list(columns)} from ${escapeIdentifier(relation)}`;
  if (past === 'once') return `${rows(name)} where position <= ${at}`;
  const current = `valid_from <= ${at} and valid_to > ${at}`;
  const found = manyVersions ? ` and fork = any (${forksOfPosition})` : '';
  const begun = placed ? ` and ${escapeIdentifier(placed)} <= ${at}` : '';
  return `${rows(versionsOf(name))} where ${current}${begun}${found}`;
}
