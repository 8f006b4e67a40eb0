import type { StoryView } from '../story-at/index.js';

/** The first of those of whom the story knows something, by name, the one of whom most is known first; and whether there are more. */
export async function peopleOf(view: StoryView, limit: number) {
  const found = await view.summaries({ after: null, limit: limit + 1, among: null });
  const summaries = found.slice(0, limit);
  const registered = await view.actors(summaries.map(({ actor }) => actor));
  const names = new Map(registered.map(({ actor, name }) => [actor, name]));
  const people = summaries.map(({ actor: id, marks }) => ({ id, name: names.get(id) ?? id, marks }));
  return { people, more: found.length > limit };
}
