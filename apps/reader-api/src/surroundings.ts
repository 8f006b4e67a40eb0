import { actorsById, oneStory, registryPosition, type Reading, type StoryRow } from '#projections';
import { problem } from './http/problems.js';
import type { Surroundings } from './present/present.js';

export async function storyOr404({ client }: Reading, story: string): Promise<StoryRow> {
  const row = await oneStory(client, story);
  if (!row) throw problem('unknown-story');
  return row;
}

/** What an answer about a story rests on when it shows actors by name. */
export async function positionsOf({ client }: Reading, story: StoryRow): Promise<number[]> {
  return [story.position, await registryPosition(client)];
}

export async function surroundingsOf(
  { client }: Reading,
  actors: Iterable<string>,
  story: StoryRow,
  retracted: ReadonlySet<string> = new Set(),
): Promise<Surroundings> {
  const rows = await actorsById(client, [...new Set(actors)]);
  return { names: new Map(rows.map(({ actor, name }) => [actor, name])), conditions: story.conditions, retracted };
}
