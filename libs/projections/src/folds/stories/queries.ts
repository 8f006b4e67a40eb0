import type { Client } from '#postgres';
import { forgetKeyPoints } from '../key-points/queries.js';
import { addedBy, shreddedAfter, textsWithout, type ForgottenFacts } from './forget.js';
import type { HeaderRow, ShreddedRow, StoryRow } from './rows.js';

/** Stories by their last change, latest first; only those last changed before a position, at most `limit`. */
export async function storiesBefore(client: Client, position: number | null, limit: number): Promise<StoryRow[]> {
  const { rows } = await client.query<StoryRow>(
    'select * from story where $1::integer is null or position < $1 order by position desc limit $2',
    [position, limit],
  );
  return rows;
}

/** Stories by id, from the given one on, and the time of each one's last change; at most `limit`. */
export async function storiesFrom(
  client: Client,
  first: string,
  limit: number,
): Promise<Pick<StoryRow, 'story' | 'recorded'>[]> {
  const { rows } = await client.query<Pick<StoryRow, 'story' | 'recorded'>>(
    'select story, recorded from story where story >= $1 order by story limit $2',
    [first, limit],
  );
  return rows;
}

/** Stories with a headline that were opened at an instant or later (ISO 8601, UTC, milliseconds), the latest first; at most `limit`. */
export async function storiesOpenedSince(
  client: Client,
  instant: string,
  limit: number,
): Promise<Pick<StoryRow, 'story' | 'title' | 'language' | 'opened'>[]> {
  const { rows } = await client.query<Pick<StoryRow, 'story' | 'title' | 'language' | 'opened'>>(
    'select story, title, language, opened from story where opened >= $1 and title is not null order by opened desc, story limit $2',
    [instant, limit],
  );
  return rows;
}

/** Of the stories by id, the first of each page of so many stories; at most `limit`. */
export async function firstOfPages(client: Client, size: number, limit: number): Promise<string[]> {
  const { rows } = await client.query<Pick<StoryRow, 'story'>>(
    `select story from (select story, row_number() over (order by story) as n from story) numbered
     where (n - 1) % $1 = 0 order by story limit $2`,
    [size, limit],
  );
  return rows.map(({ story }) => story);
}

/** The position of the last change of any story, by its index; 0 if there is none. */
export async function storiesPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    'select position from story order by position desc limit 1',
  );
  return rows[0]?.position ?? 0;
}

/** A story; undefined if it was never opened. */
export async function oneStory(client: Client, story: string): Promise<StoryRow | undefined> {
  const { rows } = await client.query<StoryRow>('select * from story where story = $1', [story]);
  return rows[0];
}

/** Adds to the counts of a story, from where it was opened on, as the fold does; what is there already is left alone. */
async function addShredded(client: Client, rows: readonly ShreddedRow[]): Promise<void> {
  await client.query(
    `insert into story_shredded select * from jsonb_populate_recordset(null::story_shredded, $1) added
     where exists (select from story_state_versions held where held.story = added.story and held.valid_from <= added.position)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Changes a story's rows, current and former, to what they were if the forgotten developments had never been readable. */
export async function forgetInStory(client: Client, story: string, forgotten: ForgottenFacts): Promise<void> {
  await addShredded(client, shreddedAfter(story, forgotten));
  for (const { condition, text, from, to } of textsWithout(forgotten))
    await client.query(
      `update story_condition_versions set text = $3
       where story = $1 and condition = $2 and valid_from >= $4 and ($5::integer is null or valid_from < $5)`,
      [story, condition, text, from, to],
    );
}

/**
 * The versions of a story's header, latest first; at most `limit`. With `by` (milliseconds since 1970), only the first one and those
 * that were written by then.
 */
export async function headersOf(client: Client, story: string, limit: number, by?: number): Promise<HeaderRow[]> {
  const { rows } = await client.query<HeaderRow>(
    `select * from story_header where story = $1
       and ($3::text is null or recorded <= $3 or position = (select min(position) from story_header where story = $1))
     order by position desc limit $2`,
    [story, limit, by === undefined ? null : new Date(by).toISOString()],
  );
  return rows;
}

/**
 * Changes the rows of a story, current and former, to what they were if the keys of these texts had never existed. Ids that name no
 * text of the story are ignored.
 */
export async function forgetTexts(client: Client, story: string, texts: readonly string[]): Promise<void> {
  // A header has several versions of its row if it was taken down before, as when a key came back from a backup.
  const { rows: headers } = await client.query<{ position: number; text: string }>(
    `with gone as (
       update story_header_versions set title = null, summary = null, reason = null
       where story = $1 and text = any($2) and title is not null returning position, text
     ) select distinct position, text from gone`,
    [story, texts],
  );
  const points = await forgetKeyPoints(client, story, texts);
  await addShredded(
    client,
    [...headers, ...points].map(({ position, text }) => ({
      story,
      position,
      item: text,
      ...addedBy.text,
    })),
  );
  await client.query('update story_condition_versions set reason = null where story = $1 and text_id = any($2)', [
    story,
    texts,
  ]);
  await client.query(
    `update shown_commit set events = (
       select jsonb_agg(
         case when event #>> '{data,text}' = any($2) and event -> 'data' ? $4
           then jsonb_set(event, array['data', $4], 'null') else event end
         order by place)
       from jsonb_array_elements(events) with ordinality as each(event, place)
     ) where story = $1 and events @@ $3::jsonpath`,
    [
      story,
      texts,
      `exists($[*].data.text ? (${texts.map(text => `@ == ${JSON.stringify(text)}`).join(' || ')}))`,
      'told',
    ],
  );
}
