import { storyStream, type Author } from '#domain';
import type { Client } from '#postgres';
import type { ForgottenFacts } from '../stories/forget.js';
import type { ReadableRow, ShownMedium, TimelineChangeRow, TimelineRow } from './rows.js';

/** Selects entries of a story; null fields select all. */
export interface TimelineFilter {
  readonly kinds: readonly string[] | null;
  readonly actors: readonly string[] | null;
  readonly condition: string | null;
  readonly status: readonly string[] | null;
  /** Only key events. */
  readonly key: boolean;
  /** Each must occur in the headline, in any case. Bodies are not searched, as those of retracted entries are hidden. */
  readonly words: readonly string[] | null;
}

/** Every entry of a story. */
export const everyEntry: TimelineFilter = {
  kinds: null,
  actors: null,
  condition: null,
  status: null,
  key: false,
  words: null,
};

/** The last entry of the previous page. */
export interface After {
  readonly position: number;
  readonly ordinal: number;
}

/** Corrections or edits without their former text, which only a history shows. */
const withoutFormer = (changes: string) =>
  `(select coalesce(jsonb_agg(change - 'was' order by n), '[]')
    from jsonb_array_elements(${changes}) with ordinality as each(change, n))`;

// Of two columns with one name, the later one counts.
/** The columns of entries, for answers that show no former text. */
export const currentColumns = `timeline.*, ${withoutFormer('timeline.corrections')} as corrections,
  ${withoutFormer('timeline.edits')} as edits`;

const filtered = `select ${currentColumns} from timeline where story = $1
  and ($2::text[] is null or kind = any($2))
  and ($3::text[] is null or actors && $3)
  and ($4::text is null or $4 = any(conditions))
  and ($5::text[] is null or status = any($5))
  and (not $6 or key)
  and ($7::text[] is null or not exists (
    select from unnest($7) word
    where strpos(lower(coalesce(headline, '') collate "pg_c_utf8"), lower(word collate "pg_c_utf8")) = 0
  ))`;

const values = (story: string, { kinds, actors, condition, status, key, words }: TimelineFilter) => [
  story,
  kinds,
  actors,
  condition,
  status,
  key,
  words,
];

type Page = (
  client: Client,
  story: string,
  filter: TimelineFilter,
  after: After | null,
  /** Null for no limit. */
  limit: number | null,
) => Promise<TimelineRow[]>;

const pageBy =
  (beyond: '<' | '>', direction: 'asc' | 'desc'): Page =>
  async (client, story, filter, after, limit) => {
    const { rows } = await client.query<TimelineRow>(
      `${filtered} and ($8::integer is null or (position, ordinal) ${beyond} ($8, $9::integer))
       order by position ${direction}, ordinal ${direction} limit $10`,
      [...values(story, filter), after?.position ?? null, after?.ordinal ?? null, limit],
    );
    return rows;
  };

/** A page, latest recorded first. */
export const newestFirst = pageBy('<', 'desc');
/** A page in story order. */
export const storyOrder = pageBy('>', 'asc');

/**
 * The entries that changed last, at most `limit`; latest recorded first. `settled` holds the commits that settled conditions, by
 * condition: those change the entries that depend on them, but not their rows.
 */
export async function lastChanged(
  client: Client,
  story: string,
  limit: number,
  settled: Readonly<Record<string, number>>,
): Promise<TimelineRow[]> {
  const { rows } = await client.query<TimelineRow>(
    `select * from (
       ${filtered} order by greatest(
         changed,
         (select max(settled.value::integer) from jsonb_each_text($9) settled where settled.key = any(conditions))
       ) desc, position desc, ordinal desc limit $8
     ) latest order by position desc, ordinal desc`,
    [...values(story, everyEntry), limit, JSON.stringify(settled)],
  );
  return rows;
}

/** An entry of a story; undefined if there is none. */
export async function oneEntry(client: Client, story: string, development: string): Promise<TimelineRow | undefined> {
  const { rows } = await client.query<TimelineRow>('select * from timeline where story = $1 and development = $2', [
    story,
    development,
  ]);
  return rows[0];
}

/** The entries of a story with these ids, in no particular order. */
export async function entriesById(
  client: Client,
  story: string,
  developments: readonly string[],
): Promise<TimelineRow[]> {
  const { rows } = await client.query<TimelineRow>(
    `select ${currentColumns} from timeline where story = $1 and development = any($2)`,
    [story, developments],
  );
  return rows;
}

/** The actors that these entries of a story name; each once. */
export async function actorsNamedIn(client: Client, story: string, developments: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ actor: string }>(
    'select distinct unnest(actors) as actor from timeline where story = $1 and development = any($2)',
    [story, developments],
  );
  return rows.map(({ actor }) => actor);
}

/** The fields of an entry that a line about it needs. */
export type LineRow = Pick<
  ReadableRow,
  'story' | 'development' | 'headline' | 'modality' | 'status' | 'standing' | 'recorded'
>;

/** The latest entry of each of these stories that is neither withdrawn nor replaced, in no particular order. */
export async function latestOf(client: Client, stories: readonly string[]): Promise<LineRow[]> {
  const { rows } = await client.query<LineRow>(
    `select latest.* from unnest($1::text[]) as asked(id) cross join lateral (
       select story, development, headline, modality, status, standing, recorded from timeline
       where story = asked.id and status = 'active' order by position desc, ordinal desc limit 1
     ) latest`,
    [stories],
  );
  return rows;
}

/** How many of a story's newest entries are searched for the picture that represents it, besides the pinned one. */
export const leadSearched = 100;

/** The picture that represents a story, and the entry that shows it. */
export type LeadRow = { readonly story: string; readonly development: string; readonly medium: ShownMedium };

/**
 * The lead picture of each of these stories, in no particular order; none for a story without one. It is the first picture of the pinned
 * entry, or else of the newest of the last `leadSearched` entries that has one. An entry that is retracted, replaced or taken down gives none.
 */
export async function leadPicturesOf(
  client: Client,
  stories: readonly { readonly story: string; readonly pinned: string | null }[],
): Promise<LeadRow[]> {
  const { rows } = await client.query<LeadRow>(
    `select lead.* from unnest($1::text[], $2::text[]) as asked(id, chosen) cross join lateral (
       select story, development, media -> 0 as medium from (
         select story, development, position, ordinal, status, media, true as chosen from timeline
         where story = asked.id and development = asked.chosen
         union all
         (select story, development, position, ordinal, status, media, false from timeline
          where story = asked.id order by position desc, ordinal desc limit $3)
       ) candidate
       where status = 'active' and media is not null
       order by chosen desc, position desc, ordinal desc limit 1
     ) lead`,
    [stories.map(({ story }) => story), stories.map(({ pinned }) => pinned), leadSearched],
  );
  return rows;
}

/** The ids of these developments that are retracted, in no particular order. */
export async function retractedAmong(
  client: Client,
  story: string,
  developments: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<Pick<TimelineRow, 'development'>>(
    `select development from timeline where story = $1 and development = any($2) and status = 'retracted'`,
    [story, developments],
  );
  return rows.map(({ development }) => development);
}

/** The latest changes of a story after a position, in order; at most `limit`, the newest. */
export async function changesAfter(
  client: Client,
  story: string,
  position: number,
  limit: number,
): Promise<TimelineChangeRow[]> {
  const { rows } = await client.query<TimelineChangeRow>(
    `select * from (
       select * from timeline_change where story = $1 and position > $2 order by position desc limit $3
     ) latest order by position`,
    [story, position, limit],
  );
  return rows;
}

/** The first changes of a story after a position, in order; at most `limit`. */
export async function nextChanges(
  client: Client,
  story: string,
  position: number,
  limit: number,
): Promise<TimelineChangeRow[]> {
  const { rows } = await client.query<TimelineChangeRow>(
    `select position, story, recorded, by, acts, (
       select coalesce(jsonb_agg(entry || jsonb_build_object(
         'corrections', ${withoutFormer("entry -> 'corrections'")}, 'edits', ${withoutFormer("entry -> 'edits'")}
       ) order by place), '[]')
       from jsonb_array_elements(entries) with ordinality as every(entry, place)
     ) as entries
     from timeline_change where story = $1 and position > $2 order by position limit $3`,
    [story, position, limit],
  );
  return rows;
}

/** Whether a story has more than `most` changes after a position. */
export async function missedMore(client: Client, story: string, position: number, most: number): Promise<boolean> {
  const { rows } = await client.query(
    'select 1 from timeline_change where story = $1 and position > $2 offset $3 limit 1',
    [story, position, most],
  );
  return rows.length > 0;
}

/**
 * Where and when a story changed for readers, latest first, at most `limit`; excludes changes that they could not see. One row of JSON, as
 * thousands of small rows take longer to read.
 */
export async function changesOf(
  client: Client,
  story: string,
  limit: number,
): Promise<Pick<TimelineChangeRow, 'position' | 'recorded'>[]> {
  const { rows } = await client.query<{ changes: Pick<TimelineChangeRow, 'position' | 'recorded'>[] }>(
    `select coalesce(json_agg(each order by position desc), '[]') as changes from (
       select position, recorded from timeline_change where story = $1 order by position desc limit $2
     ) each`,
    [story, limit],
  );
  return rows[0]!.changes;
}

/** The known beginnings, or else ends, of the latest developments of a story, as editors wrote them; at most `limit`, in one row of JSON. */
export async function beginningsOf(client: Client, story: string, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ instants: string[] }>(
    `select coalesce(json_agg(at order by position desc, ordinal desc) filter (where at is not null), '[]') as instants from (
       select coalesce(occurred ->> 'from', occurred ->> 'to') as at, position, ordinal from timeline
       where story = $1 order by position desc, ordinal desc limit $2
     ) each`,
    [story, limit],
  );
  return rows[0]!.instants;
}

/** When a development occurred, by current knowledge, and when it was recorded. */
export type Occurrence = Pick<
  ReadableRow,
  'story' | 'development' | 'position' | 'kind' | 'headline' | 'occurred' | 'recorded' | 'status'
> & { readonly by: Author };

/** Candidates, in all stories, for developments recorded more than `ms` after they occurred. Complete; may include others. */
export async function perhapsLate(client: Client, ms: number): Promise<Occurrence[]> {
  const { rows } = await client.query<Occurrence>(
    `select story, development, position, kind, headline, occurred, recorded, status, case when lifted is null
       then (select by from commit where commit.position = timeline.position)
       else (
         select by from commit where stream = $2 || story and commit.recorded = timeline.recorded
           and events @> jsonb_build_array(
             jsonb_build_object('type', 'DevelopmentRecorded', 'data', jsonb_build_object('development', development))
           )
       )
     end as by from timeline
     where recorded::timestamptz - coalesce(occurred ->> 'to', occurred ->> 'from')::timestamptz > $1 * interval '1 millisecond'
     order by position, ordinal`,
    [ms, storyStream('')],
  );
  return rows;
}

/** The facts that these developments of a story hold, and those that others hold of the conditions that they name. */
export async function forgottenFactsOf(
  client: Client,
  story: string,
  developments: readonly string[],
): Promise<ForgottenFacts> {
  const mine = 'story = $1 and development = any($2)';
  const readable = await client.query<ForgottenFacts['readable'][number]>(
    `select development, min(valid_from) as from, max((retraction ->> 'position')::integer) as retracted from timeline_versions
     where ${mine} and status <> 'taken-down' group by development`,
    [story, developments],
  );
  const named = await client.query<{ conditions: string[] | null }>(
    `select array_agg(distinct condition) as conditions from timeline_versions, unnest(conditions) condition where ${mine}`,
    [story, developments],
  );
  const { conditions } = named.rows[0]!;
  if (!conditions) return { readable: readable.rows, texts: [] };
  // A version gives its conditions a text if it began with a recording, with the end of an embargo or with a correction. The other versions
  // only repeat it.
  const texts = await client.query<ForgottenFacts['texts'][number]>(
    `select held ->> 'id' as condition, held ->> 'text' as text, valid_from as position, development = any($2) as forgotten
     from timeline_versions cross join lateral jsonb_array_elements(modality -> 'conditions') held
     where story = $1 and conditions && $3 and held ->> 'id' = any($3)
       and valid_from in (position, (corrections -> -1 ->> 'position')::integer)
     order by valid_from, position, ordinal`,
    [story, developments, conditions],
  );
  return { readable: readable.rows, texts: texts.rows };
}
