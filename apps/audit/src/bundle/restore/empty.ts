import type { Client, Pool } from '#postgres';
import { allBuilds, lastVisibility } from '#projections';

/** The target of a restore is not empty. Nothing was changed. */
export class RestoreRefused extends Error {}

/** Rejects if the database's tables hold the projection of any log. */
export async function checkTables(pool: Pool | Client): Promise<void> {
  const [furthest] = (await allBuilds(pool)).sort((a, b) => b.position - a.position);
  if (furthest && furthest.position > 0)
    throw new RestoreRefused(
      `Postgres already holds the build ${furthest.name}, up to position ${furthest.position}. Name an empty database in DATABASE_URL.`,
    );
  const shown = await lastVisibility(pool);
  if (shown)
    throw new RestoreRefused(
      `Postgres already holds the visibility of positions up to ${shown.last}. Name an empty database in DATABASE_URL.`,
    );
}
