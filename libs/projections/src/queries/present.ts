import { escapeIdentifier, preparing, sizeClass, type Pool } from '#postgres';
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

/** What changed in a build after a position: the stories, and the registry; at most `limit`. */
export async function changedSince(pool: Pool, build: string, after: number, limit: number): Promise<Changed[]> {
  const schema = escapeIdentifier(build);
  const { rows } = await preparing(pool, `look ${sizeClass(after)}`).query<Changed>(
    `(select null as story, max(position) as position from (
        select position from ${schema}.readable_actor_change where position > $1
        union all select position from ${schema}.actor_mention named where position > $1 and not exists (
          select from ${schema}.actor_mention before where before.actor = named.actor and before.position <= $1
        )
      ) registry having max(position) is not null)
     union all (select story, position from ${schema}.story where position > $1 limit $2)`,
    [after, limit],
  );
  return rows;
}
