import { roles, type Pool } from '#postgres';

/** The longest that a transaction of the reader-api's role may last, in milliseconds: twice what its own time-outs allow. */
export const longestReadMs = 120_000;

/**
 * Ends the sessions of the reader's role whose transaction is older, whatever time-outs they have set: such a transaction keeps
 * Postgres from removing taken-down rows, and delays notifications. Returns how many; 0 where there are no roles.
 */
export async function endOldTransactions(pool: Pool, olderMs = longestReadMs): Promise<number> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where usename = $1 and datname = current_database() and xact_start < clock_timestamp() - $2 * interval '1 millisecond'`,
    [roles['reader-api'], olderMs],
  );
  return rowCount ?? 0;
}
