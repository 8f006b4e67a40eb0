import { escapeIdentifier, sizeClass, type Pool } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';

/** Smaller builds are planned well without statistics. */
const least = 1_000;
/** Postgres marks a page as visible to all only when no running transaction is older than what was last written to it. */
const settledMs = 1_000;

/** Whether a build has become four times as large, so that the plans for its old size may no longer be good. */
export const hasGrown = (before: number, after: number): boolean =>
  after >= least && sizeClass(before) !== sizeClass(after);

/**
 * Has Postgres gather statistics of a build’s tables, and mark their pages that every transaction may see, so that counts in an index read
 * the index alone. Autovacuum does both up to a minute after they have grown, and gathers no statistics of a table that others inherit
 * from. Until then it expects a dozen rows where a story has thousands, and reads them all for one page.
 */
export async function gatherStatistics(pool: Pool, build: string): Promise<void> {
  await sleep(settledMs, undefined, { ref: false });
  const schema = escapeIdentifier(build);
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = to_regnamespace($1) and relkind = 'r'`,
    [schema],
  );
  // To give back empty pages at the end of a table, a vacuum would lock it against readers.
  for (const { name } of rows) await pool.query(`vacuum (analyze, truncate false) ${schema}.${escapeIdentifier(name)}`);
}
