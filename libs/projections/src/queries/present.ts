import { escapeIdentifier, preparing, sizeClass, type Pool } from '#postgres';
import { endless } from '../builds/past.js';
import { NoLiveBuild } from './reading.js';

/** What every answer depends on besides its address. Rows that readers read change only together with one of these. */
export interface PresentState {
  /** The live build. */
  readonly build: string;
  /** The log's id. */
  readonly log: string | null;
  readonly position: number;
  /** The position of the last takedown. */
  readonly shredded: number;
  /** How often rows at earlier positions were rewritten, over all streams. */
  readonly rewritten: number;
  /** The last position whose time of publication is known. */
  readonly shown: number;
}

/** Reads the present state, in one snapshot. Rejects with NoLiveBuild if there is no build. */
export async function presentState(pool: Pool): Promise<PresentState> {
  const { rows } = await pool.query<PresentState>({
    name: 'present state',
    text: `select name as build, log, position, coalesce(shredded, 0) as shredded,
       (select coalesce(sum(times), 0) from dateline.refolded) as rewritten,
       coalesce((select last from dateline.visibility order by last desc limit 1), 0) as shown
     from dateline.build where live`,
  });
  if (!rows[0]) throw new NoLiveBuild('No build of the projections is live yet. Start the projector.');
  return rows[0];
}

/** A story, or the registry of actors, and the position of its last change. */
export interface Changed {
  /** Null: the registry. */
  readonly story: string | null;
  readonly position: number;
}

/**
 * What changed in a build after a position: the stories, and the registry; at most `limit`. Postgres plans this once for all positions: for
 * a range with both ends it expects few rows, and reads them by their index. Otherwise it may read every mention of the log for each commit.
 */
export async function changedSince(pool: Pool, build: string, after: number, limit: number): Promise<Changed[]> {
  const schema = escapeIdentifier(build);
  const { rows } = await preparing(pool, `look ${sizeClass(after)}`).query<Changed>(
    `(select null as story, max(position) as position from (
        select position from ${schema}.readable_actor_change where position between $1 + 1 and ${endless}
        union all select position from ${schema}.actor_mention named
        where position between $1 + 1 and ${endless} and $1 < (
          select min(each.position) from ${schema}.actor_mention each where each.actor = named.actor
        )
      ) registry having max(position) is not null)
     union all (select story, position from ${schema}.story where position between $1 + 1 and ${endless} limit $2)`,
    [after, limit],
  );
  return rows;
}
