import type { AsOf } from '#contract';
import { holdsWords } from '#pages';
import {
  asOfInSteps,
  happenedByInSteps,
  openingOf,
  shownCommitsOf,
  shownCommitsOfActors,
  shownRegistry,
  takedownsOf,
  type ActorSummary,
  type After,
  type CitedMark,
  type ReadableCommit,
  type Reading,
  type Steps,
  type TimelineFilter,
  type TimelineRow,
} from '#projections';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { notYet, problem } from '../http/problems.js';
import type { PastReading } from '../read-models.js';
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

/** The story at a moment, folded from what readers may learn of its commits. */
export async function storyThen({ client, mayFold }: PastReading, id: string, moment: AsOf): Promise<StoryView> {
  const { position, happenedBy: instant } = moment;
  const takedowns = await takedownsOf(client, id);
  const all = await shownCommitsOf(client, id, position, mayFold + 1);
  if (all.length > mayFold)
    throw problem(
      'past-too-long',
      `The story had more than ${mayFold} commits by then, the most that one answer reads. Ask for position ${all[mayFold - 1]!.position} or an earlier one.`,
    );
  const commits = instant ? await inSlices(happenedByInSteps(all, Date.parse(instant))) : all;
  const story = await inSlices(asOfInSteps.story(commits));
  if (!story) throw await unopened(client, id, position);
  const timeline = once(() => inSlices(asOfInSteps.timeline(commits)));
  const marks = once(() => inSlices(asOfInSteps.marks(commits)));
  const everybody = once(async () => summaries(await marks()));
  const marksByActor = once(async () => Map.groupBy(await marks(), ({ actor }) => actor));
  const registryOf = async (commits: readonly ReadableCommit[]) => {
    if (commits.length > mayFold)
      throw problem('past-too-long', `The requested actors had more than ${mayFold} changes by then. ${byId}`);
    return inSlices(asOfInSteps.actors(commits));
  };
  const everyActor = once(async () => registryOf(await shownRegistry(client, position, mayFold + 1)));
  return {
    story,
    asOf: moment,
    rests: [],
    rewrites: async () => undefined,
    takedowns: async () => takedowns,
    registry: async () => [],
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
    actors: async ids => registryOf(await shownCommitsOfActors(client, ids, position, mayFold + 1)),
    called: everyActor,
    like: everyActor,
  };
}

const byId = 'Name actors by their ids, or ask for an earlier position.';

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function unopened(client: Reading['client'], id: string, position: number) {
  const first = await openingOf(client, id);
  return first
    ? notYet(
        `The story was opened later than position ${position}: at position ${first.position}, at ${first.recorded}.`,
      )
    : problem('unknown-story');
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
