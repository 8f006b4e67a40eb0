import { escapeIdentifier, type Client } from '#postgres';
import {
  buildTables,
  checkpointOf,
  hashTables,
  storedIn,
  tablesOf,
  type Projection,
  type Row,
  type TableHashes,
} from '#projections';
import type { Fault, FaultCode, RowAt } from './faults.js';
import { placeOf, positionIn, type Builds } from './place.js';

/** The result of a comparison of two builds. */
export interface Comparison {
  /** The first difference, by the position of the last commit that wrote the row; undefined if all rows are equal. */
  readonly first: Fault | undefined;
  /** The number of different rows by table. Tables without differences are omitted. */
  readonly differing: Readonly<Record<string, number>>;
  readonly hashes: { readonly log: TableHashes; readonly live: TableHashes };
}

type Differing = { readonly log: Row | null; readonly live: Row | null; readonly position: number | null };

/** Compares every row of every table, byte for byte. Needs a transaction with one snapshot. */
export async function compare(
  client: Client,
  builds: Builds,
  projections: readonly Projection[],
  { signal, onTable }: { signal: AbortSignal; onTable: (table: string) => void },
): Promise<Comparison> {
  // If several tables differ at a position, the commit table's difference is reported first.
  const { commit, ...others } = tablesOf(projections);
  const tables = storedIn({ commit: commit!, ...others, ...buildTables });
  const differing: Record<string, number> = {};
  const found: { table: string; key: readonly string[]; difference: Differing }[] = [];
  for (const [table, { relation, key }] of Object.entries(tables)) {
    signal.throwIfAborted();
    onTable(table);
    const { count, first } = await differences(client, builds, relation, key);
    if (!first) continue;
    differing[table] = count;
    found.push({ table, key, difference: first });
  }
  const order = ({ difference: { position } }: (typeof found)[number]) => position ?? Infinity;
  const least = found.reduce<(typeof found)[number] | undefined>(
    (best, next) => (best && order(best) <= order(next) ? best : next),
    undefined,
  );
  const first = least
    ? await faultOf(client, builds, rowAt(least), least.difference)
    : await checkpointFault(client, builds);
  const live = await hashTables(client, builds.live, tables);
  // Equal rows have equal hashes.
  const unequal = Object.fromEntries(found.map(({ table }) => [table, tables[table]!]));
  const log = { ...live, ...(await hashTables(client, builds.shadow, unequal)) };
  return { first, differing, hashes: { log, live } };
}

async function differences(client: Client, { shadow, live }: Builds, relation: string, key: readonly string[]) {
  const [says, has] = [shadow, live].map(build => `${escapeIdentifier(build)}.${escapeIdentifier(relation)}`);
  const columns = key.map(escapeIdentifier).join(', ');
  // No commit beyond both builds wrote a row, whatever the row contains.
  const ends = [await checkpointOf(client, shadow), await checkpointOf(client, live)];
  const last = Math.max(...ends.map(end => end?.position ?? 0));
  const { rows } = await client.query<Differing & { count: number }>(
    `select log, live, case when wrote is not null then least(wrote, $1::integer) end as position,
       (count(*) over ())::integer as count
     from (
       select *, greatest(${positionIn('log')}, ${positionIn('live')}) as wrote
       from (select ${columns}, to_jsonb(says) as log from ${says} says) of_log
       full join (select ${columns}, to_jsonb(has) as live from ${has} has) of_live using (${columns})
     ) both_rows
     where log::text is distinct from live::text
     order by position nulls last, ${columns} limit 1`,
    [last],
  );
  return { count: rows[0]?.count ?? 0, first: rows[0] };
}

function rowAt({
  table,
  key,
  difference: { log, live },
}: {
  table: string;
  key: readonly string[];
  difference: Differing;
}): RowAt {
  const at = { table, key: Object.fromEntries(key.map(column => [column, (log ?? live)![column]])) };
  if (!log || !live) return { ...at, column: null, log, live };
  const column = Object.keys(log).find(name => JSON.stringify(log[name]) !== JSON.stringify(live[name])) ?? null;
  return column === null ? { ...at, column, log, live } : { ...at, column, log: log[column], live: live[column] };
}

async function faultOf(client: Client, builds: Builds, row: RowAt, { log, live, position }: Differing): Promise<Fault> {
  const code: FaultCode = !live ? 'row-missing' : !log ? 'row-added' : 'row-differs';
  const place = await placeOf(client, builds, position, (log ?? live)!);
  return { code, ...place, detail: `In ${builds.live}.`, row };
}

/** Equal rows may come from different records, because void records leave no row. */
async function checkpointFault(client: Client, { shadow, live }: Builds): Promise<Fault | undefined> {
  const [log, has] = [await checkpointOf(client, shadow), await checkpointOf(client, live)];
  const column = (['log', 'position', 'next_offset', 'last_record'] as const).find(name => log?.[name] !== has?.[name]);
  if (!column) return undefined;
  const row = { table: 'dateline.build', key: { name: live }, column, log: log?.[column], live: has?.[column] };
  return {
    code: 'row-differs',
    stream: null,
    seq: null,
    position: log?.position ?? null,
    detail: 'The live build was made from other records.',
    row,
  };
}
