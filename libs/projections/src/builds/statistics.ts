import { escapeIdentifier, sizeClass, type Pool } from '#postgres';

/** Smaller builds are planned well without statistics. */
const least = 1_000;

/** Whether a build has become four times as large, so that the plans for its old size may no longer be good. */
export const hasGrown = (before: number, after: number): boolean =>
  after >= least && sizeClass(before) !== sizeClass(after);

/**
 * Has Postgres gather statistics of a build’s tables. Autovacuum does so up to a minute after they have grown, and never of a table that
 * others inherit from. Until then it expects a dozen rows where a story has thousands, and reads them all for one page.
 */
export async function gatherStatistics(pool: Pool, build: string): Promise<void> {
  const schema = escapeIdentifier(build);
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = to_regnamespace($1) and relkind = 'r'`,
    [schema],
  );
  for (const { name } of rows) await pool.query(`analyze ${schema}.${escapeIdentifier(name)}`);
}
