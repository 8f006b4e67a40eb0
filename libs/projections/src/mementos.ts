import { actorStream, storyStream } from '#domain';
import type { Client } from '#postgres';

/** A state of a story that readers could see, and since when: ISO 8601, UTC, milliseconds. */
export interface Memento {
  /** Of the last commit that is part of it. */
  readonly position: number;
  readonly at: string;
}

/**
 * Every state of the story that readers could see up to the position, in order: of what became visible at once, only the
 * last is one. `named`: also those that differ by what is known of actors alone.
 */
export async function mementosOf(
  client: Client,
  story: string,
  position: number,
  { named }: { named: boolean },
): Promise<Memento[]> {
  const { rows } = await client.query<Memento>(
    `select max(position) as position, at from (
       select position from commit where stream = $1
       union all
       select position from commit where $4 and starts_with(stream, $3)
         and position > (select min(position) from commit where stream = $1)
     ) changed
     cross join lateral (
       select last, at from dateline.visibility where last >= changed.position order by last limit 1
     ) shown
     where last <= $2 group by last, at order by last`,
    [storyStream(story), position, actorStream(''), named],
  );
  return rows;
}
