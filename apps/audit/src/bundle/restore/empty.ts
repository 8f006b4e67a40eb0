import type { Client, Pool } from '#postgres';

/** There is something where a bundle would go: nothing was changed. */
export class RestoreRefused extends Error {}

/** Rejects where the database's tables hold what was made of another log, or of this one. */
export async function checkTables(pool: Pool | Client): Promise<void> {
  const { rows: builds } = await pool.query<{ name: string; position: number }>(
    'select name, position from dateline.build where position > 0 order by position desc limit 1',
  );
  if (builds[0])
    throw new RestoreRefused(
      `Postgres holds ${builds[0].name}, folded up to position ${builds[0].position}. Name an empty database in DATABASE_URL.`,
    );
  const { rows } = await pool.query<{ last: number | null }>('select max(last) as last from dateline.visibility');
  if (rows[0]!.last !== null)
    throw new RestoreRefused(
      `Postgres knows when positions up to ${rows[0]!.last} became visible. Name an empty database in DATABASE_URL.`,
    );
}
