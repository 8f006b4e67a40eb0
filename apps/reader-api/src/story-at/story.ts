import type { AsOf } from '#contract';
import type { Client } from '#postgres';
import { folded, offered, distinctiveWords } from '#domain';
import {
  actorsById,
  actorsCalled,
  actorsLike,
  actorsNamedIn,
  actorsOfStory,
  cellsOfActors,
  cellSums,
  countEntries,
  entriesById,
  headersOf,
  keyPointsOf,
  keyPointsWrittenBy,
  leadPicturesOf,
  marksById,
  mostShaping,
  newestFirst,
  newestMarks,
  oneCell,
  oneEntry,
  oneStory,
  openingOf,
  placeOfNewest,
  rewritesOf,
  registryState,
  storyBegunBy,
  storyOrder,
  takedownsOf,
  TooManyShaping,
  type Reading,
  type StoryRow,
} from '#projections';
import { notYet, problem } from '../http/problems.js';
import type { StoryView } from './view.js';

const pages = { newest: newestFirst, story: storyOrder };

/**
 * The story now, or at a moment: the same queries of the present rows, of the rows as they were, or of those of them that had begun. Each
 * part is read when it is needed. Rejects with a 404 if the story does not exist, or did not exist then.
 */
export async function storyAt(reading: Reading, id: string, moment?: AsOf): Promise<StoryView> {
  const { client: present } = reading;
  const begun = instantOf(moment);
  const client = rowsOf(reading, moment);
  const story = moment && begun !== undefined ? await begunBy(reading, id, moment, begun) : await oneStory(client, id);
  if (!story) throw moment ? await unopened(present, id, moment.position) : problem('unknown-story');
  return {
    story,
    asOf: moment,
    // A takedown in a quarantined story does not move the story's position, so `shredded` counts too.
    rests: moment ? [] : [story.position, story.shredded],
    rewrites: async () => (moment ? undefined : (await rewritesOf(present, id)).rewrites),
    takedowns: () => takedownsOf(present, id),
    registry: async () => (moment ? [] : [(await registryState(present)).sum]),
    page: (order, filter, after, limit) => pages[order](client, id, filter, after, limit),
    count: () => countEntries(client, id),
    placeAfter: skipped => placeOfNewest(client, id, skipped),
    headers: limit => headersOf(client, id, limit, begun),
    keyPoints: () =>
      moment && begun !== undefined
        ? keyPointsWrittenBy(reading.asOf, id, moment.position, begun)
        : keyPointsOf(client, id),
    lead: async () => (await leadPicturesOf(client, [story]))[0],
    entry: development => oneEntry(client, id, development),
    entries: ids => entriesById(client, id, ids),
    summaries: asked => actorsOfStory(client, id, asked),
    namedIn: ids => actorsNamedIn(client, id, ids),
    marks: {
      cells: (actors, asked) => cellsOfActors(client, id, actors, asked),
      one: ({ actor, ...cell }) => oneCell(client, id, actor, cell),
      sums: cells => cellSums(client, id, cells),
      newest: (cells, before, limit) => newestMarks(client, id, cells, before, limit),
      whole: marks => marksById(client, id, marks),
    },
    actors: ids => actorsById(client, ids),
    called: refs => actorsCalled(client, refs.map(folded)),
    like: ref => actorsLike(client, distinctiveWords(folded(ref)), offered),
  };
}

const instantOf = (moment: AsOf | undefined) =>
  moment?.happenedBy === undefined ? undefined : Date.parse(moment.happenedBy);

/** Reads the rows of a moment; of the present if it is undefined. */
export const rowsOf = (reading: Reading, moment: AsOf | undefined): Client =>
  moment ? reading.asOf(moment.position, instantOf(moment)) : reading.client;

async function begunBy(reading: Reading, id: string, { position }: AsOf, begun: number): Promise<StoryRow | undefined> {
  try {
    return await storyBegunBy(reading, id, position, begun);
  } catch (error) {
    if (!(error instanceof TooManyShaping)) throw error;
    throw problem(
      'past-too-long',
      `More than ${mostShaping} commits had named the story’s conditions, pinned, retracted or closed by then, the most that one answer with happenedBy reads. Ask for position ${error.position} or an earlier one.`,
    );
  }
}

async function unopened(client: Reading['client'], id: string, position: number) {
  const first = await openingOf(client, id);
  return first
    ? notYet(
        `The story was opened later than position ${position}: at position ${first.position}, at ${first.recorded}.`,
      )
    : problem('unknown-story');
}
