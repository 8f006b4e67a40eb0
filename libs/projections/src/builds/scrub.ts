import type { Pool } from '#postgres';

/** How long it waits for one table, in milliseconds, while readers wait behind it. */
const patienceMs = 5_000;

/**
 * Rewrites each table with contents of stories, in every build, and the table of keys if the database has it: a deleted row stays
 * in the database's files until then. Readers of a table wait while it is rewritten. Returns the tables' names. Rejects if it could
 * not lock a table in time; run it again then. As the projector's role.
 */
export async function scrub(
  pool: Pool,
  onTable: (done: number, all: number) => void = () => undefined,
): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     where relkind = 'r' and (nspname = 'dateline_keys' and relname = 'key'
       or nspname in (select build.name from dateline.build) and exists (
         select from pg_attribute where attrelid = pg_class.oid and attname = 'story'))
     order by name`,
  );
  const client = await pool.connect();
  try {
    await client.query(`set lock_timeout = ${patienceMs}`);
    await client.query('set statement_timeout = 0');
    for (const [done, { name }] of rows.entries()) {
      onTable(done, rows.length);
      await client.query(`vacuum (full, analyze) ${name}`);
    }
  } finally {
    client.release(true);
  }
  return rows.map(({ name }) => name);
}
