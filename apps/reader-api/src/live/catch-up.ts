import { changesAfter, type Reading } from '#projections';
import { presentChange } from '../present/present.js';
import { storyOr404, surroundingsOf } from '../surroundings.js';
import type { Sent } from './deliver.js';
import { change } from './frames.js';

/** The latest changes of a story after a position, at most `limit`, each serialised once for whoever needs it. */
export async function framesAfter(reading: Reading, story: string, after: number, limit: number): Promise<Sent[]> {
  const rows = await changesAfter(reading.client, story, after, limit);
  if (rows.length === 0) return [];
  const actors = rows.flatMap(({ entries }) => entries.flatMap(entry => entry.actors));
  const around = await surroundingsOf(reading, actors, await storyOr404(reading, story));
  return rows.map(row => ({ position: row.position, frame: change(presentChange(row, around)) }));
}
