import { changesAfter, newestFirst, type Reading } from '#projections';
import { presentChange } from '../present/present.js';
import { storyOr404, surroundingsOf } from '../surroundings.js';
import type { Sent } from './deliver.js';
import { change } from './frames.js';

const retracted = { kinds: null, actors: null, condition: null, status: ['retracted'], key: false };

/** The latest changes of a story after a position, at most `limit`, each serialised once for whoever needs it. */
export async function framesAfter(reading: Reading, story: string, after: number, limit: number): Promise<Sent[]> {
  const { client } = reading;
  const rows = await changesAfter(client, story, after, limit);
  if (rows.length === 0) return [];
  const row = await storyOr404(reading, story);
  const gone = await newestFirst(client, story, retracted, null, row.position);
  const around = await surroundingsOf(
    reading,
    rows.flatMap(({ entries }) => entries.flatMap(entry => entry.actors)),
    row,
    new Set(gone.map(({ development }) => development)),
  );
  return rows.map(row => ({ position: row.position, frame: change(presentChange(row, around)) }));
}
