import type { Client } from '#postgres';

/** A state of a story that readers could see, and from when: ISO 8601, UTC, milliseconds. */
export interface Memento {
  /** The position of the last commit in it. */
  readonly position: number;
  readonly at: string;
}

/** The most states of a story that are listed; each takes about 150 bytes of memory. */
export const mementoLimit = 100_000;

/**
 * The latest states of the story that readers could see up to the position, in order, at most `limit`. Commits that became visible
 * together make one state. Commits that show readers nothing, as under an embargo, make none, so that their time is not revealed.
 * `named`: includes states that differ only in an actor's name that an entry shows.
 */
export async function mementosOf(
  client: Client,
  story: string,
  position: number,
  { named }: { named: boolean },
  limit = mementoLimit,
): Promise<Memento[]> {
  const { rows } = await client.query<Memento>(
    `with showing as (
       select entry -> 'actors' as actors, position as since,
         lead(position) over (partition by entry -> 'development' order by position) as until
       from timeline_change, jsonb_array_elements(entries) entry where $3 and story = $1
     ), renamed as (
       select position, actor from readable_actor_change where $3 and renamed
     ), changed as (
       select position from timeline_change where story = $1
       union all
       select position from renamed where exists (
         select from showing where actors ? actor and since < position and (until is null or until > position)
       )
     )
     select max(position) as position, at from changed
     cross join lateral (
       select last, at from dateline.visibility where last >= changed.position order by last limit 1
     ) shown
     where last <= $2 group by last, at order by last desc limit $4`,
    [story, position, named, limit],
  );
  return rows.reverse();
}
