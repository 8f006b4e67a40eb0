import type { StoryView } from '../story-view/index.js';

/** Of whom the story knows something, by name, the one of whom most is known first. */
export async function peopleOf(view: StoryView) {
  const summaries = await view.summaries();
  const registered = await view.actors(summaries.map(({ actor }) => actor));
  const names = new Map(registered.map(({ actor, name }) => [actor, name]));
  return summaries.map(({ actor: id, marks }) => ({ id, name: names.get(id) ?? id, marks }));
}
