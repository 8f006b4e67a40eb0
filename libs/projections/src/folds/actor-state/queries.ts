import type { Client } from '#postgres';
import { byPlace, type CellAt, type CellId, type MarkPlace, type Weighed } from './cells.js';
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
     from actor_mark where story = $1 and ($5::text[] is null or actor = any($5)) group by actor
     having $2::integer is null or count(*) < $2 or (count(*) = $2 and actor > $3)
     order by marks desc, actor limit $4`,
    [story, after?.marks ?? null, after?.actor ?? null, limit, among],
  );
  return rows;
}

const columns = 'facet, key, position, ordinal, mark';
/** The first mark of a cell is the first by this order. */
const byCellAndPlace = 'facet, key, position, ordinal, mark';

/** The most cells of an actor that are gathered to put them in order. Those of an actor with more are found one by one, in order. */
export const gathered = 1_000;

/**
 * The cells of an actor in a story after a place, in the order of their first mark; or only one cell. At most `limit`. Reads a few marks
 * of each cell, however many there are.
 */
export async function cellsOfActor(
  client: Client,
  story: string,
  actor: string,
  after: MarkPlace | null,
  limit: number,
  one: CellId | null,
): Promise<CellAt[]> {
  if (one) return firstMark(client, story, actor, one);
  const few = await firstCells(client, story, actor, gathered + 1);
  if (few.length > gathered) return cellsAfter(client, story, actor, after, limit);
  return few
    .filter(cell => !after || byPlace(cell, after) > 0)
    .sort(byPlace)
    .slice(0, limit);
}

async function firstMark(client: Client, story: string, actor: string, { facet, key }: CellId): Promise<CellAt[]> {
  const { rows } = await client.query<CellAt>(
    `select ${columns} from actor_mark where story = $1 and actor = $2 and facet = $3 and key = $4
     order by position, ordinal, mark limit 1`,
    [story, actor, facet, key],
  );
  return rows;
}

/** Jumps from each cell to the next one in the index. */
async function firstCells(client: Client, story: string, actor: string, limit: number): Promise<CellAt[]> {
  const { rows } = await client.query<CellAt>(
    `with recursive cell as (
       (select ${columns} from actor_mark where story = $1 and actor = $2 order by ${byCellAndPlace} limit 1)
       union all
       select next.* from cell cross join lateral (
         select ${columns} from actor_mark where story = $1 and actor = $2 and (facet, key) > (cell.facet, cell.key)
         order by ${byCellAndPlace} limit 1
       ) next
     ) select * from cell limit $3`,
    [story, actor, limit],
  );
  return rows;
}

/** Skips marks that are not the first of their cell. An actor with many cells has a first mark among every few marks. */
async function cellsAfter(
  client: Client,
  story: string,
  actor: string,
  after: MarkPlace | null,
  limit: number,
): Promise<CellAt[]> {
  const { rows } = await client.query<CellAt>(
    `select ${columns} from actor_mark each where story = $1 and actor = $2
       and ($3::integer is null or (position, ordinal, mark) > ($3, $4::integer, $5::integer))
       and (position, ordinal, mark) = (
         select position, ordinal, mark from actor_mark where story = $1 and actor = $2 and facet = each.facet and key = each.key
         order by position, ordinal, mark limit 1
       )
     order by position, ordinal, mark limit $6`,
    [story, actor, after?.position ?? null, after?.ordinal ?? null, after?.mark ?? null, limit],
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
    `select facet, key, development, mark, actor_mark.position, actor_mark.ordinal, occurred, jsonb_build_object('mode', modality -> 'mode') as modality, status
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
