import type { AsOf } from '#contract';
import type { Commit, OpenCommit } from '#domain';
import { open, openAll, toldOf } from '#keys';
import {
  asOfInSteps,
  commitsOfRegistry,
  commitsOfStory,
  firstCommitOfStory,
  happenedByInSteps,
  readableInSteps,
  takedownsOf,
  type ActorSummary,
  type After,
  type CitedMark,
  type Reading,
  type Takedowns,
  type TimelineFilter,
  type TimelineRow,
} from '#projections';
import { marksAtHand } from '../actors/cell-page.js';
import { notYet, problem } from '../http/problems.js';
import { inSlices, mapInSlices } from '../past/slices.js';
import type { StoryView } from './view.js';

/** The story as it stood at a moment, folded from its commits. */
export async function storyThen({ client, keys }: Reading, id: string, moment: AsOf): Promise<StoryView> {
  const { position, happenedBy: instant } = moment;
  const takedowns = await takedownsOf(client, id);
  const opened = await obeying(takedowns, keys, await commitsOfStory(client, id, position));
  const all = await inSlices(readableInSteps(opened));
  const commits = instant ? await inSlices(happenedByInSteps(all, Date.parse(instant))) : all;
  const story = await inSlices(asOfInSteps.story(commits));
  if (!story) throw await unopened(client, id, position);
  const timeline = once(() => inSlices(asOfInSteps.timeline(commits)));
  const marks = once(() => inSlices(asOfInSteps.marks(commits)));
  const marksByActor = once(async () => Map.groupBy(await marks(), ({ actor }) => actor));
  const actors = once(async () => {
    const found = await openAll(keys, await commitsOfRegistry(client, position));
    return inSlices(asOfInSteps.actors(await inSlices(readableInSteps(found))));
  });
  return {
    story,
    asOf: moment,
    rests: [],
    takedowns: async () => takedowns,
    registry: async () => [],
    page: async (order, filter, after, limit) => {
      const found = (await timeline()).filter(row => passes(filter, row));
      const ordered = order === 'newest' ? found.toReversed() : found;
      return ordered.filter(row => !after || (order === 'newest' ? -1 : 1) * compare(row, after) > 0).slice(0, limit);
    },
    entry: async development => (await timeline()).find(row => row.development === development),
    entries: async ids => {
      const asked = new Set(ids);
      return (await timeline()).filter(({ development }) => asked.has(development));
    },
    summaries: async () => summaries(await marks()),
    marksOf: async actor => marksAtHand((await marksByActor()).get(actor) ?? []),
    actors: async ids => {
      const asked = ids && new Set(ids);
      return (await actors()).filter(({ actor }) => !asked || asked.has(actor));
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/**
 * Opens the commits without what is taken down by now, whatever keys there are. A key that went since the present was looked at
 * is of a takedown that readers do not see yet: they are told of all of it, or of nothing.
 */
async function obeying(takedowns: Takedowns, keys: Reading['keys'], commits: readonly Commit[]): Promise<OpenCommit[]> {
  const destroyed = new Date(0).toISOString();
  const keysOf: Reading['keys']['keysOf'] = async ids => {
    const held = new Map(await keys.keysOf(ids));
    for (const id of held.keys()) if (takedowns.has(id)) held.set(id, { destroyed });
    return held;
  };
  const held = await keysOf(toldOf(commits.flatMap(({ events }) => events)));
  const openings = await mapInSlices(commits, commit => open(commit, held));
  const opened = openings.map(opening => {
    if ('commit' in opening) return opening.commit;
    throw opening.because;
  });
  const ahead = opened.some(({ events }) =>
    events.some(({ data }) => 'told' in data && data.told === null && !takedowns.has(data.development)),
  );
  if (ahead) throw problem('catching-up');
  return opened;
}

async function unopened(client: Reading['client'], id: string, position: number) {
  const first = await firstCommitOfStory(client, id);
  return first
    ? notYet(
        `The story had not been opened at position ${position}: that was at ${first.position}, at ${first.recorded}.`,
      )
    : problem('unknown-story');
}

const compare = (a: After, b: After) => a.position - b.position || a.ordinal - b.ordinal;

function passes({ kinds, actors, condition, status, key }: TimelineFilter, row: TimelineRow): boolean {
  return [
    kinds?.includes(row.kind) ?? true,
    actors?.some(actor => row.actors.includes(actor)) ?? true,
    condition === null || row.conditions.includes(condition),
    status?.includes(row.status) ?? true,
    !key || row.key,
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
    .sort((a, b) => b.marks - a.marks || (a.actor < b.actor ? -1 : 1));
}
