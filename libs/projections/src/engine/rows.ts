import { allOf, escapeIdentifier, type Client } from '#postgres';
import { begunOf, currentOf, formerOf } from '../builds/past.js';
import type { Key, Row, Table, Touch } from '../folds/fold.js';
import type { Written } from '../folds/workspace.js';

const list = (columns: readonly string[]) => columns.map(escapeIdentifier).join(', ');
const asRecord = (columns: readonly string[], key: Key) =>
  Object.fromEntries(columns.map((column, i) => [column, key[i]]));

/** Loads the rows of a table that the touches ask for, in one statement. */
export async function loadRows(
  client: Client,
  table: string,
  { by }: Pick<Table, 'by'>,
  touches: readonly Touch[],
): Promise<Row[]> {
  const name = escapeIdentifier(table);
  const wanted = new Set(touches.map(touch => JSON.stringify(asRecord(by, touch.values))));
  const { rows } = await client.query<Row>(
    `select held.* from ${name} held
     join (select ${list(by)} from jsonb_populate_recordset(null::${name}, $1)) wanted using (${list(by)})`,
    [`[${[...wanted].join()}]`],
  );
  return rows;
}

// Characters of JSON in one statement. Postgres accepts no jsonb of more than 256 MiB.
const statementSize = 16 * 1024 * 1024;

/** Splits the rows into JSON arrays of a bounded size. */
function* statements(rows: readonly Row[]): Generator<string> {
  let texts: string[] = [];
  let size = 0;
  for (const text of rows.map(row => JSON.stringify(row))) {
    if (size > 0 && size + text.length > statementSize) {
      yield `[${texts.join()}]`;
      [texts, size] = [[], 0];
    }
    texts.push(text);
    size += text.length;
  }
  if (size > 0) yield `[${texts.join()}]`;
}

/** Upserts rows by key, in one statement unless they are very large. The table is the relation that stores the rows. */
export async function putRows(
  client: Client,
  table: string,
  { key }: Pick<Table, 'key'>,
  puts: readonly Row[],
): Promise<void> {
  if (puts.length === 0) return;
  const name = escapeIdentifier(table);
  const columns = Object.keys(puts[0]!);
  const others = columns.filter(column => !key.includes(column));
  const update = others.map(column => `${escapeIdentifier(column)} = excluded.${escapeIdentifier(column)}`).join(', ');
  const sql = `insert into ${name} (${list(columns)}) select ${list(columns)} from jsonb_populate_recordset(null::${name}, $1)
    on conflict (${list(key)}) do update set ${update}`;
  await allOf(...[...statements(puts)].map(statement => client.query(sql, [statement])));
}

/** Deletes the rows with these keys, in one statement. */
export async function dropRows(
  client: Client,
  table: string,
  { key }: Pick<Table, 'key'>,
  drops: readonly Key[],
): Promise<void> {
  if (drops.length === 0) return;
  const name = escapeIdentifier(table);
  await client.query(
    `delete from ${name} held using jsonb_populate_recordset(null::${name}, $1) gone
     where (${key.map(column => `held.${escapeIdentifier(column)}`).join(', ')}) = (${key.map(column => `gone.${escapeIdentifier(column)}`).join(', ')})`,
    [JSON.stringify(drops.map(drop => asRecord(key, drop)))],
  );
}

/** Adds the current rows with these keys to the former ones, in one statement. */
async function endRows(client: Client, table: string, { key }: Table, ends: Written['ends']): Promise<void> {
  if (ends.length === 0) return;
  const former = escapeIdentifier(formerOf(table));
  await client.query(
    `insert into ${former} select held.*, ended.valid_to from ${escapeIdentifier(begunOf(table))} held
     join (select ${list(key)}, valid_to from jsonb_populate_recordset(null::${former}, $1)) ended using (${list(key)})`,
    [JSON.stringify(ends.map(({ key: values, to }) => ({ ...asRecord(key, values), valid_to: to })))],
  );
}

/** Adds former rows, in one statement unless they are very large. */
async function addFormer(client: Client, table: string, former: Written['former']): Promise<void> {
  if (former.length === 0) return;
  const name = escapeIdentifier(formerOf(table));
  const rows = former.map(({ row, from, to }): Row => ({ ...row, valid_from: from, valid_to: to }));
  const columns = list(Object.keys(rows[0]!));
  const sql = `insert into ${name} (${columns}) select ${columns} from jsonb_populate_recordset(null::${name}, $1)`;
  await allOf(...[...statements(rows)].map(statement => client.query(sql, [statement])));
}

/** Writes the changes of a batch to their tables, and the former rows to the past. */
export async function writeRows(
  client: Client,
  tables: Readonly<Record<string, Table>>,
  written: readonly Written[],
): Promise<void> {
  // Sent together, in this order: the rows that end are copied before they are overwritten.
  const statements = written.flatMap(({ table: name, puts, drops, ends, former }) => {
    const table = tables[name]!;
    const isKept = table.past === 'versions';
    const past = isKept ? [endRows(client, name, table, ends), addFormer(client, name, former)] : [];
    const rows = puts.map(({ row, from }) => (isKept ? { ...row, valid_from: from } : row));
    const current = currentOf(name, table);
    return [...past, dropRows(client, current, table, drops), putRows(client, current, table, rows)];
  });
  await allOf(...statements);
}
