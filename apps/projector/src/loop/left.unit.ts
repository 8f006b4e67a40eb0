import { buildName, type Checkpoint } from '#projections';
import { expect, test } from '@jest/globals';
import type { FoldOptions } from './apply.js';
import { goesLive, returnWhenLeft } from './left.js';
import { Status } from './status.js';

const left = { name: 'a', made: buildName([]), live: false, promoted_at: new Date(0) };
const checkpoint = (more: Partial<Checkpoint> = {}) => ({ ...left, ...more }) as Checkpoint;

/** Whether a fold that knows this of its build must begin again while readers are on `live`. */
function beginsAgain(known: Checkpoint, live?: Checkpoint): Promise<boolean> {
  const pool = { query: async () => ({ rows: live ? [live] : [] }) };
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
  // Somebody dropped it.
  expect(await beginsAgain(checkpoint())).toBe(true);
});

const unread = { stream: '"story:storm"', headers: '{}', value: Buffer.from('{}'), position: 5, id: 'x', seq: 2 };

test.each([
  ['whose last takedown is older', { shredded: 5 }, []],
  ['with an earlier takedown that this version cannot read', { shredded: 7 }, [unread]],
])('a build %s is not made live, which is logged once', async (_, more, kept) => {
  const live = checkpoint({ name: 'b', live: true, next_offset: 9, log: 'l', shredded: 7 });
  const own = checkpoint({ next_offset: 9, log: 'l', ...more });
  let asked = 0;
  const query = async (text: string) => {
    asked++;
    if (text.includes('.quarantined')) return { rows: kept };
    return { rows: text.includes('where live') ? [live] : text.includes('where name =') ? [own] : [] };
  };
  const client = { query, on: () => undefined, off: () => undefined, release: () => undefined };
  const warnings: string[] = [];
  const log = { warn: (text: string) => void warnings.push(text) };
  const folding = { pool: { connect: async () => client }, status: new Status(), log } as unknown as FoldOptions;
  expect(await goesLive(folding, 'a', 'b')).toBe(false);
  const before = asked;
  expect(await goesLive(folding, 'a', 'b')).toBe(false);
  expect([before > 0, asked]).toEqual([true, before]);
  expect(warnings).toEqual([expect.stringMatching(/^Readers stay on b: a may still have words/)]);
});
