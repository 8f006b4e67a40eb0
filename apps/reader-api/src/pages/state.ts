import type { CellView, Named } from '#pages';
import { cells, type TimelineFilter } from '#projections';
import { headlineWith } from '../present/headline.js';
import { presentCells } from '../present/present.js';
import type { StoryView } from '../story-view/index.js';
import { everything } from './filter.js';

/** What a story's cells do not say themselves: everybody whom they may name, and headlines with names. */
export interface Told {
  readonly actors: readonly Named[];
  readonly headlines: ReadonlyMap<string, string>;
}

/** Of the updates that the filter lets through. */
export async function toldIn(view: StoryView, filter: TimelineFilter = everything): Promise<Told> {
  const actors = (await view.actors()).map(({ actor: id, name }) => ({ id, name }));
  const names = new Map(actors.map(({ id, name }) => [id, name]));
  const rows = await view.page('story', filter, null, Number.MAX_SAFE_INTEGER);
  const told = rows.filter(row => row.status !== 'taken-down');
  return { actors, headlines: new Map(told.map(row => [row.development, headlineWith(names, row)])) };
}

/** What is known of an actor, cell by cell. */
export async function cellsOf(view: StoryView, { headlines }: Told, actor: string): Promise<CellView[]> {
  const { conditions } = view.story;
  const named = <Cited extends { development: string; headline: string }>(cited: Cited): Cited => ({
    ...cited,
    headline: headlines.get(cited.development) ?? cited.headline,
  });
  return presentCells(cells(await view.marksOf(actor), conditions), conditions).map(cell => ({
    ...cell,
    current: cell.current && named(cell.current),
    citations: cell.citations.map(named),
  }));
}
