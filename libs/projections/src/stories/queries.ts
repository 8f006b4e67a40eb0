import type { Client } from '#postgres';
import type { StoryRow } from './rows.js';

/** Stories, the one that changed last first. */
export async function allStories(client: Client): Promise<StoryRow[]> {
  const { rows } = await client.query<StoryRow>('select * from story order by position desc');
  return rows;
}

export async function oneStory(client: Client, story: string): Promise<StoryRow | undefined> {
  const { rows } = await client.query<StoryRow>('select * from story where story = $1', [story]);
  return rows[0];
}
