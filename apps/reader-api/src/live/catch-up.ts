import { changesAfter, type Reading } from '#projections';
import { presentChange } from '../present/present.js';
import { storyNow } from '../story-view/index.js';
import { surroundingsOf } from '../surroundings.js';
import type { Sent } from './deliver.js';
import { change } from './frames.js';

const retracted = { kinds: null, actors: null, condition: null, status: ['retracted'], key: false };

/** The latest changes of a story after a position, at most `limit`, each serialised once for whoever needs it. */
export async function framesAfter(reading: Reading, story: string, after: number, limit: number): Promise<Sent[]> {
  const { client } = reading;
  const rows = await changesAfter(client, story, after, limit);
  if (rows.length === 0) return [];
  const view = await storyNow(reading, story);
  const gone = await view.page('newest', retracted, null, view.story.position);
  const around = await surroundingsOf(
    view,
    rows.flatMap(({ entries }) => entries),
    new Set(gone.map(({ development }) => development)),
  );
  return rows.map(row => ({
    position: row.position,
    recorded: row.recorded,
    frame: change(presentChange(row, around)),
  }));
}
