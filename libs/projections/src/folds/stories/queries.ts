import type { Client } from '#postgres';
import { textsWithout, type ForgottenFacts } from './forget.js';
import type { StoryRow } from './rows.js';

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

/** Of the stories by id, the first of each page of so many stories; at most `limit`. */
export async function firstOfPages(client: Client, size: number, limit: number): Promise<string[]> {
  const { rows } = await client.query<Pick<StoryRow, 'story'>>(
    `select story from (select story, row_number() over (order by story) as n from story) numbered
     where (n - 1) % $1 = 0 order by story limit $2`,
    [size, limit],
  );
  return rows.map(({ story }) => story);
}

/** Changes whenever the list of stories does. */
export interface StoriesState {
  /** The position of the last change of any story; 0 if there is none. */
  readonly position: number;
  /** Grows whenever a story changes or is opened, as positions only grow. */
  readonly sum: number;
}

/** The current state of the list of stories. */
export async function storiesState(client: Client): Promise<StoriesState> {
  const { rows } = await client.query<StoriesState>(
    'select coalesce(max(position), 0) as position, coalesce(sum(position), 0) as sum from story',
  );
  return rows[0]!;
}

/** A story; undefined if it was never opened. */
export async function oneStory(client: Client, story: string): Promise<StoryRow | undefined> {
  const { rows } = await client.query<StoryRow>('select * from story where story = $1', [story]);
  return rows[0];
}

/** Changes a story's rows, current and former, to what they were if the forgotten developments had never been readable. */
export async function forgetInStory(client: Client, story: string, forgotten: ForgottenFacts): Promise<void> {
  for (const { from, retracted } of forgotten.readable)
    await client.query(
      `update story_versions set shredded = shredded + 1,
         developments = developments - case when $3::integer is null or valid_from < $3 then 1 else 0 end
       where story = $1 and valid_from >= $2`,
      [story, from, retracted],
    );
  for (const { condition, text, from, to } of textsWithout(forgotten))
    await client.query(
      `update story_versions set conditions = jsonb_set(conditions, array[$2, 'text'], to_jsonb($3::text), false)
       where story = $1 and valid_from >= $4 and ($5::integer is null or valid_from < $5)`,
      [story, condition, text, from, to],
    );
}
