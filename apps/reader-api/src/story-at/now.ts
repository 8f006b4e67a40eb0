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
  rewritesOf,
  registryState,
  storyOrder,
  takedownsOf,
  weighedMarks,
  type Reading,
} from '#projections';
import { problem } from '../http/problems.js';
import type { StoryView } from './view.js';

const pages = { newest: newestFirst, story: storyOrder };

/** The story now. Each part is read from the tables when it is needed. */
export async function storyNow({ client }: Reading, id: string): Promise<StoryView> {
  const story = await oneStory(client, id);
  if (!story) throw problem('unknown-story');
  return {
    story,
    asOf: undefined,
    // A takedown in a quarantined story does not move the story's position, so `shredded` counts too.
    rests: [story.position, story.shredded],
    rewrites: async () => (await rewritesOf(client, id)).rewrites,
    takedowns: () => takedownsOf(client, id),
    registry: async () => [(await registryState(client)).sum],
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
