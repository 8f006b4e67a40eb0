import { buildName, type Checkpoint } from '#projections';
import { expect, test } from '@jest/globals';
import type { FoldOptions } from './apply.js';
import { returnWhenLeft } from './left.js';

const left = { name: 'a', made: buildName([]), live: false, promoted_at: new Date(0) };
const checkpoint = (more: Partial<Checkpoint> = {}) => ({ ...left, ...more }) as Checkpoint;

/** Whether a fold that knows this of its build must begin again while readers are on `live`. */
function beginsAgain(known: Checkpoint, live: Checkpoint): Promise<boolean> {
  const pool = { query: async () => ({ rows: [live] }) };
  const folding = { pool, projections: [], status: { progress: { checkpoint: known } }, leftMs: 5 };
  return returnWhenLeft(folding as unknown as FoldOptions, AbortSignal.timeout(100));
}

test('a fold begins again when readers are back on its build, which it knows as one that they left', async () => {
  const live = checkpoint({ live: true });
  expect(await beginsAgain(checkpoint(), live)).toBe(true);
  expect(await beginsAgain(live, live)).toBe(false);
  // It makes its build live the first time, and is about to know it.
  expect(await beginsAgain(checkpoint({ promoted_at: null }), live)).toBe(false);
  expect(await beginsAgain(checkpoint(), checkpoint({ name: 'b', live: true }))).toBe(false);
});
