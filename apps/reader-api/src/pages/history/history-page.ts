import { kindShapes, renderHistory, shownEntry, type Asked, type Brand, type HistoryPageProps } from '#pages';
import { everyEntry, type Reading } from '#projections';
import { z } from 'zod';
import { byBytes, html, type Answer } from '../../http/answer.js';
import { fitting, wholeNumber } from '../../http/paging.js';
import { presentEntry } from '../../story-at/render.js';
import { presentStory } from '../../story-at/render-story.js';
import type { ReadModels } from '../../read-models.js';
import { ifOpen, storyNow, viewOf, type StoryView } from '../../story-at/index.js';
import { surroundingsOf } from '../../story-at/surroundings.js';
import { askedShape, asOfQuery, instantAsked, momentShape, pageParameters, viewAsked } from '../asked.js';
import { currentCells, peopleOf, statesOf } from '../state.js';
import { differencesBetween, pointsBetween } from './between.js';
import { differingCells } from './differences.js';
import { momentsOf, stepAt } from './moments.js';

/** Number of updates on a page. */
const window = 30;
/** Maximum number of bytes of these updates as JSON: the page’s HTML is of about the same length. */
const entriesBytes = 80_000;
/** Number of people shown, and of cells of each. */
const peopleShown = 6;
/** Maximum number of bytes of the cells of each. */
const cellBytes = 5_000;
const firstCells = { facet: null, after: null, limit: 16, one: null, citations: 1, before: null, most: cellBytes };

const Whole = wholeNumber('must be a whole number from 0');

/**
 * The parameters of the history page. `step` comes from the slider if no script turns it into a time; `skip` is how many
 * newer updates the page omits; `with` is the moment to compare with, by default now.
 */
export const HistoryQuery = pageParameters({
  ...askedShape,
  ...momentShape,
  skip: Whole.optional(),
  step: Whole.optional(),
  with: askedShape.at,
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** Builds the page that compares two moments of a story. */
export function readHistoryPage(models: ReadModels, story: string, query: HistoryQuery, brand: Brand): Promise<Answer> {
  const page = async (reading: Reading) => {
    const now = await storyNow(reading, story);
    const props = await propsOf(reading, now, query);
    return byBytes(reading, html, renderHistory({ ...props, kinds: kindShapes, brand }));
  };
  return models.read(page);
}

async function propsOf(reading: Reading, now: StoryView, query: HistoryQuery): Promise<HistoryPageProps> {
  const { zone, story } = now.story;
  const { position, clock = position === undefined ? 'visible' : 'known' } = query;
  const { moments, earlier } = await momentsOf(reading, story, clock);
  const at = query.step === undefined ? query.at : moments.at(Math.min(query.step, moments.length - 1));
  const latest = { clock, at: moments.at(-1) ?? now.story.recorded };
  const { view: then, asked = latest } =
    position === undefined
      ? await viewAt(reading, story, at === undefined ? latest : { clock, at: instantAsked(at, zone) })
      : await viewAsked(reading, story, { position });
  const other = query.with === undefined ? undefined : { clock, at: instantAsked(query.with, zone, 'with') };
  const later = other ? (await viewAt(reading, story, other)).view : now;
  const shown = await entriesOf(then, query.skip);
  return {
    story: presentStory(now.story),
    clock,
    moments,
    earlier,
    step: stepAt(moments, asked.at),
    asked,
    other: other?.at,
    entries: shown.entries,
    count: shown.count,
    skipped: shown.skipped,
    ...(await differencesBetween(reading, then, later, shown.ids)),
    ...(await pointsBetween(then, later)),
    ...(await peopleBetween(then, later)),
  };
}

/** The story at that moment; undefined if it was not opened yet. */
async function viewAt(reading: Reading, story: string, asked: Asked): Promise<{ view: Maybe; asked: Asked }> {
  return { view: await ifOpen(viewOf(reading, story, asOfQuery(asked))), asked };
}

type Maybe = StoryView | undefined;

type EntriesThen = Pick<HistoryPageProps, 'entries' | 'count' | 'skipped'> & { readonly ids: readonly string[] };

/** The entries of a page that begins after so many newest ones. */
async function entriesOf(view: Maybe, skip = 0): Promise<EntriesThen> {
  if (!view) return { entries: undefined, count: 0, skipped: 0, ids: [] };
  const count = await view.count();
  const skipped = Math.min(skip, Math.max(count - 1, 0));
  const rows = await view.page('newest', everyEntry, await view.placeAfter(skipped), window);
  const context = await surroundingsOf(view, rows);
  const entries = rows.map(row => presentEntry(row, context));
  const shown = entries.slice(0, fitting(entries, entriesBytes)).map(shownEntry);
  return { entries: shown, count, skipped, ids: shown.map(({ id }) => id) };
}

async function peopleBetween(
  then: Maybe,
  later: Maybe,
): Promise<Pick<HistoryPageProps, 'states' | 'actors' | 'others'>> {
  if (!then) return { states: [], actors: [], others: false };
  const { people, more: others } = await peopleOf(then, peopleShown);
  const same = { after: null, limit: peopleShown, among: people.map(({ id }) => id) };
  const since = new Map((await later?.summaries(same))?.map(({ actor, marks }) => [actor, marks]));
  const ids = people.map(({ id }) => id);
  const { states: known, actors } = await statesOf(then, ids, firstCells);
  const cells = known.flatMap((state, n) => state.cells.map(({ facet, key }) => ({ actor: ids[n]!, facet, key })));
  const current = later ? await currentCells(later, cells) : undefined;
  const states = people.map(({ id, name, marks }, n) => {
    const { cells } = known[n]!;
    const differing = differingCells(cells, current?.get(id) ?? []);
    return { id, name, marks, cells, differing, changed: differing.size > 0 || since.get(id) !== marks };
  });
  return { states, actors, others };
}
