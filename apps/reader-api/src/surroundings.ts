import type { Surroundings } from './present/present.js';
import type { StoryView } from './story-view/index.js';

export async function surroundingsOf(
  view: StoryView,
  actors: Iterable<string>,
  retracted: ReadonlySet<string> = new Set(),
): Promise<Surroundings> {
  const rows = await view.actors([...new Set(actors)]);
  const names = new Map(rows.map(({ actor, name }) => [actor, name]));
  return { names, conditions: view.story.conditions, retracted };
}
