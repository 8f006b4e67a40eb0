import { canonicalJson } from '#domain';
import { buildTables, projections, tablesOf, type Table } from '#projections';
import pg from 'pg';

/** Every row of every table of a build as canonical JSON, in the order of the key. */
export async function rowsOf(client: pg.ClientBase | pg.Pool, build: string): Promise<Record<string, string[]>> {
  const tables: Readonly<Record<string, Pick<Table, 'key'>>> = { ...tablesOf(projections), ...buildTables };
  const found: Record<string, string[]> = {};
  for (const [table, { key }] of Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [from, order] = [`${pg.escapeIdentifier(build)}.${pg.escapeIdentifier(table)}`, key.map(pg.escapeIdentifier)];
    const { rows } = await client.query(`select * from ${from} order by ${order.join(', ')}`);
    found[table] = rows.map(row => canonicalJson(table in buildTables ? withoutWords(row) : row));
  }
  return found;
}

/** The reason for a quarantine depends on this version's words, so only the quarantine itself is compared. */
const withoutWords = (row: { reason?: string | null }) => (row.reason ? { ...row, reason: '...' } : row);
