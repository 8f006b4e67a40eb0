import type { Pool } from '#postgres';
import { buildName, projections, type Checkpoint } from '#projections';
import { expect, test } from '@jest/globals';
import { returnTo, waitFor } from './builds.js';

interface State {
  /** The build that the projector of this version folds. */
  readonly folds: string;
  /** The next offset of build `a`, each time that it is asked for. */
  readonly at: () => number;
}

/** A database where `a` is retired, and readers read another version's `b`, which is at offset 9. */
function poolIn({ folds, at }: State): Pool & { asked: string[] } {
  const asked: string[] = [];
  const query = async (ask: string | { readonly text: string }) => {
    const text = typeof ask === 'string' ? ask : ask.text;
    asked.push(text);
    if (text.includes('where made =')) return { rows: [{ name: folds }] };
    if (text.includes('where live')) return { rows: [{ name: 'b', next_offset: 9, log: null }] };
    return { rows: text.includes('where name =') ? [{ name: 'a', next_offset: at(), log: null }] : [] };
  };
  const client = { query, on: () => undefined, off: () => undefined, release: () => undefined };
  return { connect: async () => client, query, asked } as unknown as Pool & { asked: string[] };
}

const wait = (pool: Pool, longest: number, signal = new AbortController().signal) =>
  waitFor({ pool, projections, onProgress: () => undefined }, 'a', signal, longest);

test('nothing waits for a build, or swaps to it, while the projector of its version folds another one', async () => {
  const pool = poolIn({ folds: 'a_2', at: () => 9 });
  await expect(wait(pool, 0)).rejects.toMatchObject({
    code: 'folds-another',
    message: expect.stringMatching(/\(a_2\)/),
  });
  expect(pool.asked).toHaveLength(1);
});

test('a build that the projector does not move is not waited for without an end', async () => {
  await expect(wait(poolIn({ folds: 'a', at: () => 5 }), 20)).rejects.toMatchObject({ code: 'stands-still' });
});

test('a build that moves slowly is waited for, and an interruption ends that', async () => {
  let at = 0;
  const stop = new AbortController();
  const pool = poolIn({ folds: 'a', at: () => (at === 4 && stop.abort(), ++at) });
  await expect(wait(pool, 0, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

test('a return without a name ends well if this version’s build is live already, and says what to do if it has none', async () => {
  const made = buildName(projections);
  const other = { name: 'b', made: 'b', live: false, promoted_at: new Date(0) };
  const back = (...builds: Partial<Checkpoint>[]) => {
    const query = async (text: string) => ({ rows: text.startsWith('select build.*') ? [] : builds });
    return returnTo({ pool: { query }, projections } as never, undefined, new AbortController().signal);
  };
  expect(await back({ ...other, name: 'a', made, live: true }, other)).toBe('a');
  expect(await back({ ...other, name: 'a', made, live: true })).toBe('a');
  await expect(back({ ...other, live: true })).rejects.toMatchObject({ code: 'must-fold' });
  await expect(
    back({ ...other, live: true }, { name: 'a', made, live: false, promoted_at: null }),
  ).rejects.toMatchObject({
    code: 'must-fold',
  });
});
