import { holdsWords } from '#pages';
import {
  asOfInSteps,
  happenedByInSteps,
  shownCommitsOf,
  type ActorSummary,
  type After,
  type CitedMark,
  type Steps,
  type TimelineFilter,
  type TimelineRow,
} from '#projections';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { problem } from '../http/problems.js';
import type { FoldingReading } from '../read-models.js';
import { marksAtHand } from './cells.js';
import type { StoryView } from './view.js';

/** How long one slice of work may block the event loop, in milliseconds. */
const sliceMs = 2;

let last: Promise<unknown> = Promise.resolve();
/** Resolves in a turn of the event loop that no other computation uses, so that requests are answered between two slices. */
const ownTurn = () => (last = last.then(() => nextTurn()));

/** Runs a computation to its end; requests are answered between its slices. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < end);
    await ownTurn();
  }
}

/** As `map`, in slices. */
export const mapInSlices = <Item, Result>(
  items: readonly Item[],
  each: (item: Item, index: number) => Result,
): Promise<Result[]> => inSlices(mapping(items, each));

function* mapping<Item, Result>(items: readonly Item[], each: (item: Item, index: number) => Result): Steps<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    results.push(each(item, index));
    yield;
  }
  return results;
}

/**
 * Of a story at a moment, only what is known to have happened by an instant: folded again without the rest, from what readers may learn of
 * its commits.
 */
export async function happenedBy(
  { client, mayFold }: FoldingReading,
  then: StoryView,
  instant: string,
): Promise<StoryView> {
  const { position } = then.asOf!;
  const all = await shownCommitsOf(client, then.story.story, position, mayFold + 1);
  if (all.length > mayFold)
    throw problem(
      'past-too-long',
      `The story had more than ${mayFold} commits by then, the most that one answer with happenedBy reads. Ask for position ${all[mayFold - 1]!.position} or an earlier one.`,
    );
  const commits = await inSlices(happenedByInSteps(all, Date.parse(instant)));
  const story = (await inSlices(asOfInSteps.story(commits)))!;
  const timeline = once(() => inSlices(asOfInSteps.timeline(commits)));
  const marks = once(() => inSlices(asOfInSteps.marks(commits)));
  const everybody = once(async () => summaries(await marks()));
  const marksByActor = once(async () => Map.groupBy(await marks(), ({ actor }) => actor));
  return {
    ...then,
    story,
    page: async (order, filter, after, limit) => {
      const found = (await timeline()).filter(row => passes(filter, row));
      const ordered = order === 'newest' ? found.toReversed() : found;
      return ordered
        .filter(row => !after || (order === 'newest' ? -1 : 1) * compare(row, after) > 0)
        .slice(0, limit ?? undefined);
    },
    entry: async development => (await timeline()).find(row => row.development === development),
    entries: async ids => {
      const asked = new Set(ids);
      return (await timeline()).filter(({ development }) => asked.has(development));
    },
    summaries: async ({ after, limit, among }) => {
      const asked = among && new Set(among);
      const all = (await everybody()).filter(({ actor }) => !asked || asked.has(actor));
      return all.filter(one => !after || byMarks(one, after) > 0).slice(0, limit);
    },
    marksOf: async actor => marksAtHand((await marksByActor()).get(actor) ?? []),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const compare = (a: After, b: After) => a.position - b.position || a.ordinal - b.ordinal;

function passes({ kinds, actors, condition, status, key, words }: TimelineFilter, row: TimelineRow): boolean {
  return [
    kinds?.includes(row.kind) ?? true,
    actors?.some(actor => row.actors.includes(actor)) ?? true,
    condition === null || row.conditions.includes(condition),
    status?.includes(row.status) ?? true,
    !key || row.key,
    words === null || holdsWords(row.headline, words),
  ].every(Boolean);
}

function summaries(marks: readonly CitedMark[]): ActorSummary[] {
  const byActor = [...Map.groupBy(marks, ({ actor }) => actor)];
  return byActor
    .map(([actor, mine]) => ({
      actor,
      marks: mine.length,
      developments: new Set(mine.map(({ development }) => development)).size,
      position: Math.max(...mine.map(({ position }) => position)),
    }))
    .sort(byMarks);
}

type Known = Pick<ActorSummary, 'marks' | 'actor'>;
const byMarks = (a: Known, b: Known) => b.marks - a.marks || (a.actor < b.actor ? -1 : a.actor > b.actor ? 1 : 0);
