import type { Client } from '#postgres';
import type { CitedMark } from './rows.js';

/** How much is known of an actor in a story. */
export interface ActorSummary {
  readonly actor: string;
  readonly marks: number;
  readonly developments: number;
  /** Of the latest recorded development that speaks of the actor. */
  readonly position: number;
}

/** The actors of a story, the one of whom most is known first. */
export async function actorsOfStory(client: Client, story: string): Promise<ActorSummary[]> {
  const { rows } = await client.query<ActorSummary>(
    `select actor, count(*)::integer as marks, count(distinct development)::integer as developments, max(position) as position
     from actor_mark join actor_citation using (story, development)
     where story = $1 group by actor order by marks desc, actor`,
    [story],
  );
  return rows;
}

/** What is known of one actor in a story, in the order in which it was told. */
export async function marksOfActor(client: Client, story: string, actor: string): Promise<CitedMark[]> {
  const { rows } = await client.query<CitedMark>(
    `select * from actor_mark join actor_citation using (story, development)
     where story = $1 and actor = $2 order by position, ordinal, mark`,
    [story, actor],
  );
  return rows;
}
