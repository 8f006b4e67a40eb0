import type { AsOf } from '#contract';
import { folded, offered, distinctiveWords } from '#domain';
import {
  actorsById,
  actorsCalled,
  actorsLike,
  actorsOfStory,
  cellsOfActor,
  entriesById,
  marksById,
  newestFirst,
  oneEntry,
  oneStory,
  openingOf,
  rewritesOf,
  registryState,
  storyOrder,
  takedownsOf,
  weighedMarks,
  type Reading,
} from '#projections';
import { notYet, problem } from '../http/problems.js';
import type { StoryView } from './view.js';

const pages = { newest: newestFirst, story: storyOrder };

/**
 * The story now, or as of the moment's position: the same queries of the present rows, or of the rows as they were. Each part is read
 * when it is needed. Rejects with a 404 if the story does not exist, or did not exist then.
 */
export async function storyAt(reading: Reading, id: string, moment?: AsOf): Promise<StoryView> {
  const { client: present } = reading;
  const client = moment ? reading.asOf(moment.position) : present;
  const story = await oneStory(client, id);
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
    entry: development => oneEntry(client, id, development),
    entries: ids => entriesById(client, id, ids),
    summaries: asked => actorsOfStory(client, id, asked),
    marksOf: async actor => ({
      cells: (after, limit, one) => cellsOfActor(client, id, actor, after, limit, one),
      weighed: cells => weighedMarks(client, id, actor, cells),
      whole: marks => marksById(client, id, marks),
    }),
    actors: ids => actorsById(client, ids),
    called: refs => actorsCalled(client, refs.map(folded)),
    like: ref => actorsLike(client, distinctiveWords(folded(ref)), offered),
  };
}

async function unopened(client: Reading['client'], id: string, position: number) {
  const first = await openingOf(client, id);
  return first
    ? notYet(
        `The story was opened later than position ${position}: at position ${first.position}, at ${first.recorded}.`,
      )
    : problem('unknown-story');
}
