import {
  kindShapes,
  renderHistory,
  shownEntry,
  type Asked,
  type EntryView,
  type HistoryPageProps,
  type Named,
} from '#pages';
import { Problem } from '#platform';
import { everyEntry, type Reading, type TimelineRow } from '#projections';
import { z } from 'zod';
import { byBytes, html, type Answer } from '../../http/answer.js';
import { presentEntry, presentStory } from '../../story-at/render.js';
import type { ReadModels } from '../../read-models.js';
import { mapInSlices } from '../../story-at/happened-by.js';
import { storyNow, viewOf, type StoryView } from '../../story-at/index.js';
import { surroundingsOf } from '../../story-at/surroundings.js';
import { askedShape, asOfQuery, instantAsked, momentShape, pageParameters, viewAsked } from '../asked.js';
import { currentCells, peopleOf, stateOf } from '../state.js';
import { comparedOf, differencesOf, differingCells, type Compared } from './differences.js';
import { momentsOf, stepAt } from './moments.js';

/** Number of updates on a page. */
const window = 50;
/** Number of people shown, and of cells of each. */
const peopleShown = 20;
const firstCells = { after: null, limit: 50, one: null, citations: 1, before: null };

const wholeError = 'must be a whole number from 0';
const Whole = z.coerce.number(wholeError).int(wholeError).nonnegative(wholeError);

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
export function readHistoryPage(models: ReadModels, story: string, query: HistoryQuery): Promise<Answer> {
  const page = async (reading: Reading) => {
    const now = await storyNow(reading, story);
    const props = await propsOf(reading, now, query);
    return byBytes(reading, html, renderHistory({ ...props, kinds: kindShapes }));
  };
  return query.clock === 'happened' ? models.folding(['history page', story, query], page) : models.read(page);
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
  const rows = await rowsOf(then);
  const skipped = Math.min(query.skip ?? 0, Math.max(rows.length - 1, 0));
  return {
    story: presentStory(now.story),
    clock,
    moments,
    earlier,
    step: stepAt(moments, asked.at),
    asked,
    other: other?.at,
    entries: await entriesOf(then, rows.slice(skipped, skipped + window)),
    count: rows.length,
    skipped,
    window,
    differences: differencesOf(await comparedIn(then, rows), await comparedIn(later, await rowsOf(later))),
    ...(await statesOf(then, later)),
  };
}

/** The story at that moment; undefined if it was not opened yet. */
async function viewAt(reading: Reading, story: string, asked: Asked): Promise<{ view: Maybe; asked: Asked }> {
  try {
    return { view: await viewOf(reading, story, asOfQuery(asked)), asked };
  } catch (error) {
    if (error instanceof Problem && error.details.code === 'not-yet') return { view: undefined, asked };
    throw error;
  }
}

type Maybe = StoryView | undefined;

const rowsOf = async (view: Maybe): Promise<readonly TimelineRow[]> =>
  view ? view.page('newest', everyEntry, null, null) : [];

/** All updates, with the actors' names at that moment. */
async function comparedIn(view: Maybe, rows: readonly TimelineRow[]): Promise<Compared[]> {
  if (!view) return [];
  const context = await surroundingsOf(view, rows);
  return mapInSlices(rows, row => comparedOf(row, context));
}

async function entriesOf(view: Maybe, rows: readonly TimelineRow[]): Promise<EntryView[] | undefined> {
  if (!view) return undefined;
  const context = await surroundingsOf(view, rows);
  return rows.map(row => shownEntry(presentEntry(row, context)));
}

async function statesOf(then: Maybe, later: Maybe): Promise<Pick<HistoryPageProps, 'states' | 'actors' | 'more'>> {
  if (!then) return { states: [], actors: [], more: false };
  const states = [];
  const actors = new Map<string, Named>();
  const { people, more } = await peopleOf(then, peopleShown);
  const same = { after: null, limit: peopleShown, among: people.map(({ id }) => id) };
  const since = new Map((await later?.summaries(same))?.map(({ actor, marks }) => [actor, marks]));
  for (const { id, name, marks } of people) {
    const { cells, actors: named } = await stateOf(then, id, firstCells);
    for (const one of named) actors.set(one.id, one);
    const differing = differingCells(cells, later ? await currentCells(later, id, cells) : []);
    states.push({ id, name, marks, cells, differing, changed: differing.size > 0 || since.get(id) !== marks });
  }
  return { states, actors: [...actors.values()], more };
}
