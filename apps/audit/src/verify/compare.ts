import type { Client } from '#postgres';
import {
  buildTables,
  checkpointOf,
  differingRows,
  hashTables,
  storedIn,
  tablesOf,
  type Builds,
  type DifferingRow,
  type Projection,
  type TableHashes,
} from '#projections';
import type { Fault, FaultCode, RowAt } from './faults.js';
import { placeOf } from './place.js';

/** The result of a comparison of two builds. */
export interface Comparison {
  /** The first difference, by the position of the last commit that wrote the row; undefined if all rows are equal. */
  readonly first: Fault | undefined;
  /** The number of different rows by table. Tables without differences are omitted. */
  readonly differing: Readonly<Record<string, number>>;
  readonly hashes: { readonly log: TableHashes; readonly live: TableHashes };
}

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
  const found: { table: string; key: readonly string[]; difference: DifferingRow }[] = [];
  for (const [table, { relation, key }] of Object.entries(tables)) {
    signal.throwIfAborted();
    onTable(table);
    const { count, first } = await differingRows(client, builds, relation, key);
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

function rowAt({
  table,
  key,
  difference: { log, live },
}: {
  table: string;
  key: readonly string[];
  difference: DifferingRow;
}): RowAt {
  const at = { table, key: Object.fromEntries(key.map(column => [column, (log ?? live)![column]])) };
  if (!log || !live) return { ...at, column: null, log, live };
  const column = Object.keys(log).find(name => JSON.stringify(log[name]) !== JSON.stringify(live[name])) ?? null;
  return column === null ? { ...at, column, log, live } : { ...at, column, log: log[column], live: live[column] };
}

async function faultOf(
  client: Client,
  builds: Builds,
  row: RowAt,
  { log, live, position }: DifferingRow,
): Promise<Fault> {
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
