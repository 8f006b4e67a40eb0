import type { CellView, Named } from '#pages';
import { cite, type CellId } from '#projections';
import { cellPage, weighedCells, type CellPage, type CellsAsked } from '../story-at/cells.js';
import { presentCell, shownName } from '../story-at/render.js';
import type { StoryView } from '../story-at/index.js';

/** Some cells of an actor's state, with the actors that they name. */
export interface KnownState {
  readonly cells: readonly CellView[];
  readonly actors: readonly Named[];
  readonly facets: CellPage['facets'];
  readonly last: CellPage['last'];
}

/** Reads the requested cells. */
export async function stateOf(view: StoryView, actor: string, asked: CellsAsked): Promise<KnownState> {
  const { cells, facets, last } = await cellPage(await view.marksOf(actor), view.story.conditions, asked);
  const cited = cells.flatMap(({ current, citations }) => (current ? [current, ...citations] : citations));
  const rows = await view.entries([...new Set(cited.map(({ development }) => development))]);
  const registered = await view.actors([...new Set(rows.flatMap(({ actors }) => actors))]);
  const actors = registered.map(row => ({ id: row.actor, name: shownName(row, view.story.language) }));
  return { cells: cells.map(cell => presentCell(cell, view.story)), actors, facets, last };
}

/** Reads the current values of these cells, without citations. */
export async function currentCells(view: StoryView, actor: string, cells: readonly CellId[]): Promise<CellView[]> {
  const { conditions } = view.story;
  const marks = await view.marksOf(actor);
  const held = await weighedCells(marks, cells, 1);
  const whole = await marks.whole(held.flatMap(({ current }) => current ?? []));
  const byDevelopment = new Map(whole.map(mark => [`${mark.development} ${mark.mark}`, mark]));
  return held.map(({ facet, key, current, total }) => {
    const mark = current && byDevelopment.get(`${current.development} ${current.mark}`);
    const said = mark ? cite(mark, conditions) : null;
    return presentCell({ facet, key, current: said, citations: [], total }, view.story);
  });
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
