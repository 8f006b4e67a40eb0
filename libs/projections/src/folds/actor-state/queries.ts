import type { Facet } from '#domain';
import type { Client } from '#postgres';
import type { ActorCell, CellAt, CellId, MarkPlace, Weighed } from './cells.js';
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

/** Actors of a story, those with the most facts first. One scan of an index over the story's marks: a place is one development's. */
export async function actorsOfStory(
  client: Client,
  story: string,
  { after, limit, among }: SummariesAsked,
): Promise<ActorSummary[]> {
  const { rows } = await client.query<ActorSummary>(
    `select actor, sum(each)::integer as marks, count(*)::integer as developments, max(position) as position
     from (
       select actor, position, count(*) as each from actor_mark
       where story = $1 and ($5::text[] is null or actor = any($5)) group by actor, position, ordinal
     ) placed group by actor
     having $2::integer is null or sum(each) < $2 or (sum(each) = $2 and actor > $3)
     order by marks desc, actor limit $4`,
    [story, after?.marks ?? null, after?.actor ?? null, limit, among],
  );
  return rows;
}

/** Selects cells of an actor. */
export interface CellsOf {
  /** Only cells of this facet; null for all. */
  readonly facet: Facet | null;
  /** Only cells after this place in the list; null for the first page. */
  readonly after: MarkPlace | null;
  readonly limit: number;
}

/** Cells of an actor, and how many there are of each facet. */
export interface CellsFound {
  readonly actor: string;
  readonly cells: readonly CellAt[];
  readonly facets: Readonly<Partial<Record<Facet, number>>>;
}

/**
 * The cells of each of these actors in a story, those of the latest development first, and how many there are of each facet, whatever page is
 * asked for; in no particular order. Cells of one development are in the order of its data. One scan of an index over each actor's marks, which
 * reads no row.
 */
export async function cellsOfActors(
  client: Client,
  story: string,
  actors: readonly string[],
  { facet, after, limit }: CellsOf,
): Promise<CellsFound[]> {
  const { rows } = await client.query<CellsFound>(
    `select asked.actor, found.* from unnest($2::text[]) as asked (actor) cross join lateral (
       with cell as materialized (
         select distinct on (facet, key) facet, key, position, ordinal, mark from actor_mark where story = $1 and actor_mark.actor = asked.actor
         order by facet desc, key desc, position desc, ordinal desc, mark desc
       ), page as (
         select * from cell where ($3::text is null or facet = $3)
           and ($4::integer is null or (position, ordinal, -mark) < ($4, $5::integer, -$6::integer))
         order by position desc, ordinal desc, mark limit $7
       )
       select (select coalesce(jsonb_agg(page order by position desc, ordinal desc, mark), '[]') from page) as cells,
         (select coalesce(jsonb_object_agg(facet, count), '{}') from (select facet, count(*) from cell group by facet) each) as facets
     ) found`,
    [story, actors, facet, after?.position ?? null, after?.ordinal ?? null, after?.mark ?? null, limit],
  );
  return rows;
}

/** One cell and the place of its last mark; none if the actor has no such cell. */
export async function oneCell(client: Client, story: string, actor: string, { facet, key }: CellId): Promise<CellAt[]> {
  const { rows } = await client.query<CellAt>(
    `select facet, key, position, ordinal, mark from actor_mark where story = $1 and actor = $2 and facet = $3 and key = $4
     order by position desc, ordinal desc, mark desc limit 1`,
    [story, actor, facet, key],
  );
  return rows;
}

/** How many marks a cell has, and the latest time by which one of them is known to have begun. */
export type CellSum = ActorCell & {
  readonly total: number;
  /** In milliseconds since 1970; null if of no mark such a time is known. */
  readonly latest: number | null;
};

const columnsOf = (cells: readonly ActorCell[]) => [
  cells.map(({ actor }) => actor),
  cells.map(({ facet }) => facet),
  cells.map(({ key }) => key),
];
const asked = 'unnest($2::text[], $3::text[], $4::text[]) as cell (actor, facet, key)';
const ofCell =
  'story = $1 and actor_mark.actor = cell.actor and actor_mark.facet = cell.facet and actor_mark.key = cell.key';

/** The sums of these cells, in no particular order. Scans their part of an index, and reads no row. */
export async function cellSums(client: Client, story: string, cells: readonly ActorCell[]): Promise<CellSum[]> {
  const { rows } = await client.query<CellSum>(
    `select actor, facet, key, total, latest from ${asked} cross join lateral (
       select count(*)::integer as total, max(begun) as latest from actor_mark where ${ofCell}
     ) sums`,
    [story, ...columnsOf(cells)],
  );
  return rows;
}

/** The weights of the newest marks of these cells, in no particular order: at most `limit` of each, of those before a place. */
export async function newestMarks(
  client: Client,
  story: string,
  cells: readonly ActorCell[],
  before: MarkPlace | null,
  limit: number,
): Promise<Weighed[]> {
  const { rows } = await client.query<Weighed>(
    `select newest.*, occurred, mode, status from ${asked} cross join lateral (
       select actor, facet, key, development, mark, position, ordinal from actor_mark where ${ofCell}
         and ($5::integer is null or (position, ordinal, mark) < ($5, $6::integer, $7::integer))
       order by position desc, ordinal desc, mark desc limit $8
     ) newest cross join lateral (
       select occurred, modality ->> 'mode' as mode, status from actor_citation
       where story = $1 and development = newest.development limit 1
     ) cited`,
    [story, ...columnsOf(cells), before?.position ?? null, before?.ordinal ?? null, before?.mark ?? null, limit],
  );
  return rows;
}

/** These marks of a story, in no particular order. Each is a look-up by key. */
export async function marksById(
  client: Client,
  story: string,
  ids: readonly Pick<CitedMark, 'development' | 'mark'>[],
): Promise<CitedMark[]> {
  const { rows } = await client.query<CitedMark>(
    `select cited.*, marked.* from unnest($2::text[], $3::integer[]) as asked (development, mark) cross join lateral (
       select * from actor_mark where story = $1 and development = asked.development and mark = asked.mark limit 1
     ) marked cross join lateral (
       select * from actor_citation where story = $1 and development = asked.development limit 1
     ) cited`,
    [story, ids.map(({ development }) => development), ids.map(({ mark }) => mark)],
  );
  return rows;
}
