import type { Client } from '#postgres';
import type { CellAt, CellId, MarkPlace, Weighed } from './cells.js';
import type { CitedMark } from './rows.js';

/** The number of facts about an actor in a story. */
export interface ActorSummary {
  readonly actor: string;
  readonly marks: number;
  readonly developments: number;
  /** The position of the latest recorded development about the actor. */
  readonly position: number;
}

/** Selects actors of a story. */
export interface SummariesAsked {
  /** Only actors after this one in the list; null for the first page. */
  readonly after: Pick<ActorSummary, 'marks' | 'actor'> | null;
  readonly limit: number;
  /** Only these actors; null for all. */
  readonly among: readonly string[] | null;
}

/** Actors of a story, those with the most facts first. */
export async function actorsOfStory(
  client: Client,
  story: string,
  { after, limit, among }: SummariesAsked,
): Promise<ActorSummary[]> {
  const { rows } = await client.query<ActorSummary>(
    `select actor, count(*)::integer as marks, count(distinct development)::integer as developments, max(position) as position
     from actor_mark join actor_citation using (story, development)
     where story = $1 and ($5::text[] is null or actor = any($5)) group by actor
     having $2::integer is null or count(*) < $2 or (count(*) = $2 and actor > $3)
     order by marks desc, actor limit $4`,
    [story, after?.marks ?? null, after?.actor ?? null, limit, among],
  );
  return rows;
}

/** The cells of an actor in a story after a place, in the order of their first mark; or only one cell. At most `limit`. */
export async function cellsOfActor(
  client: Client,
  story: string,
  actor: string,
  after: MarkPlace | null,
  limit: number,
  one: CellId | null,
): Promise<CellAt[]> {
  const { rows } = await client.query<CellAt>(
    `select facet, key, position, ordinal, mark from (
       select distinct on (facet, key) facet, key, position, ordinal, mark
       from actor_mark join actor_citation using (story, development)
       where story = $1 and actor = $2 and ($7::text is null or (facet = $7 and key = $8))
       order by facet, key, position, ordinal, mark
     ) cell
     where $3::integer is null or (position, ordinal, mark) > ($3, $4::integer, $5::integer)
     order by position, ordinal, mark limit $6`,
    [
      story,
      actor,
      after?.position ?? null,
      after?.ordinal ?? null,
      after?.mark ?? null,
      limit,
      one?.facet ?? null,
      one?.key ?? null,
    ],
  );
  return rows;
}

/** The weights of these cells' marks, in no particular order. */
export async function weighedMarks(
  client: Client,
  story: string,
  actor: string,
  cells: readonly CellId[],
): Promise<Weighed[]> {
  const { rows } = await client.query<Weighed>(
    `select facet, key, development, mark, position, ordinal, occurred, jsonb_build_object('mode', modality -> 'mode') as modality, status
     from actor_mark join actor_citation using (story, development)
       join unnest($3::text[], $4::text[]) as cell (facet, key) using (facet, key)
     where story = $1 and actor = $2`,
    [story, actor, cells.map(({ facet }) => facet), cells.map(({ key }) => key)],
  );
  return rows;
}

/** These marks of a story, in no particular order. */
export async function marksById(
  client: Client,
  story: string,
  ids: readonly Pick<CitedMark, 'development' | 'mark'>[],
): Promise<CitedMark[]> {
  const { rows } = await client.query<CitedMark>(
    `select * from actor_mark join actor_citation using (story, development)
       join unnest($2::text[], $3::integer[]) as asked (development, mark) using (development, mark)
     where story = $1`,
    [story, ids.map(({ development }) => development), ids.map(({ mark }) => mark)],
  );
  return rows;
}
