import type { CellView, Named } from '#pages';
import { cite, type ActorCell } from '#projections';
import { cellPages, weighedCells, type CellPage, type CellsAsked } from '../story-at/cells.js';
import { presentCell, shownName } from '../story-at/render.js';
import type { StoryView } from '../story-at/index.js';

/** Some cells of an actor's state. */
export interface KnownState {
  readonly cells: readonly CellView[];
  readonly facets: CellPage['facets'];
  readonly last: CellPage['last'];
}

/** Reads the requested cells of each of these actors, in order, and the actors that they name. */
export async function statesOf(
  view: StoryView,
  ids: readonly string[],
  asked: CellsAsked,
): Promise<{ readonly states: readonly KnownState[]; readonly actors: readonly Named[] }> {
  const pages = await cellPages(view.marks, view.story.conditions, ids, asked);
  const cells = pages.flatMap(page => page.cells);
  const cited = cells.flatMap(({ current, citations }) => (current ? [current, ...citations] : citations));
  const named = await view.namedIn([...new Set(cited.map(({ development }) => development))]);
  const registered = await view.actors(named);
  const states = pages.map(page => ({ ...page, cells: page.cells.map(cell => presentCell(cell, view.story)) }));
  return { states, actors: registered.map(row => ({ id: row.actor, name: shownName(row, view.story.language) })) };
}

/** Reads the current values of these cells, without citations, by actor. */
export async function currentCells(
  view: StoryView,
  cells: readonly ActorCell[],
): Promise<ReadonlyMap<string, readonly CellView[]>> {
  const { conditions } = view.story;
  const held = await weighedCells(view.marks, cells, 1);
  const whole = await view.marks.whole(held.flatMap(({ current }) => current ?? []));
  const byDevelopment = new Map(whole.map(mark => [`${mark.development} ${mark.mark}`, mark]));
  const shown = held.map(({ actor, facet, key, current, total }) => {
    const mark = current && byDevelopment.get(`${current.development} ${current.mark}`);
    const said = mark ? cite(mark, conditions) : null;
    return { actor, cell: presentCell({ facet, key, current: said, citations: [], total }, view.story) };
  });
  const byActor = Map.groupBy(shown, ({ actor }) => actor);
  return new Map([...byActor].map(([actor, each]) => [actor, each.map(({ cell }) => cell)]));
}

/** The first `limit` actors of a story, those with the most marks first, and whether there are more. */
export async function peopleOf(view: StoryView, limit: number) {
  const found = await view.summaries({ after: null, limit: limit + 1, among: null });
  const summaries = found.slice(0, limit);
  const registered = await view.actors(summaries.map(({ actor }) => actor));
  const names = new Map(registered.map(row => [row.actor, shownName(row, view.story.language)]));
  const people = summaries.map(({ actor: id, marks }) => ({ id, name: names.get(id) ?? id, marks }));
  return { people, more: found.length > limit };
}
