import type { Client } from '#postgres';
import { currentColumns, type After } from '../folds/timeline/queries.js';
import type { ActDone, TimelineRow } from '../folds/timeline/rows.js';

/** The changes of a story after `from`, up to the position that the client reads. `settled`: conditions settled between them. */
export interface Between {
  readonly story: string;
  readonly from: number;
  readonly settled: readonly string[];
}

/**
 * The entries that readers see otherwise than at `from`, or did not see then, in story order; at most `limit`. An entry shows outcomes
 * of its conditions, names of its actors and headlines of what it is linked to, so a change of those changes it too.
 */
export const differingEntries = (client: Client, between: Between, after: After | null, limit: number) =>
  differing<TimelineRow>(currentColumns, client, between, after, limit);

/** The places of the same entries, without their text. */
export const differingPlaces = (client: Client, between: Between, after: After | null, limit: number) =>
  differing<After & { readonly development: string }>(
    'development, timeline.position, ordinal',
    client,
    between,
    after,
    limit,
  );

async function differing<Row extends object>(
  columns: string,
  client: Client,
  { story, from, settled }: Between,
  after: After | null,
  limit: number,
): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `with renamed as (select coalesce(array_agg(actor), '{}') as actors from readable_actor_change where position > $2)
     select ${columns} from timeline, renamed
     where story = $1 and ($4::integer is null or (timeline.position, ordinal) > ($4, $5::integer)) and (
       changed > $2 or conditions && $3::text[] or timeline.actors && renamed.actors or exists (
         select from jsonb_array_elements(links) link join timeline other on other.story = $1
           and other.development = link ->> 'to' where other.changed > $2 or other.conditions && $3
       )
     )
     order by timeline.position, ordinal limit $6`,
    [story, from, settled, after?.position ?? null, after?.ordinal ?? null, limit],
  );
  return rows;
}

/** The types of acts on a development between two positions. */
export interface ActsOn {
  readonly development: string;
  readonly acts: readonly ActDone['act'][];
}

/** The types of the acts on these developments after `from`, up to the position that the client reads; each type once. */
export async function actsOn(
  client: Client,
  { story, from }: Between,
  developments: readonly string[],
): Promise<ActsOn[]> {
  const { rows } = await client.query<ActsOn>(
    `select act ->> 'development' as development, array_agg(distinct act ->> 'act' order by act ->> 'act') as acts
     from timeline_change cross join lateral jsonb_array_elements(acts) act
     where story = $1 and position > $2 and act ->> 'development' = any($3) group by 1`,
    [story, from, developments],
  );
  return rows;
}

/** On how many developments there was each type of act after `from`, up to the position that the client reads. */
export async function actsCounted(client: Client, { story, from }: Between): Promise<Record<string, number>> {
  const { rows } = await client.query<{ act: string; developments: number }>(
    `select act ->> 'act' as act, count(distinct act ->> 'development')::integer as developments
     from timeline_change cross join lateral jsonb_array_elements(acts) act
     where story = $1 and position > $2 and act ? 'development' group by 1 order by 1`,
    [story, from],
  );
  return Object.fromEntries(rows.map(({ act, developments }) => [act, developments]));
}
