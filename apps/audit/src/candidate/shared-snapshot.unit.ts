import type { Pool } from '#postgres';
import { describe, expect, test } from '@jest/globals';
import { inSharedSnapshot } from './shared-snapshot.js';

interface State {
  /** The live build in the snapshot, and its next offset. */
  readonly live: string;
  readonly at: number;
  /** The offset of the build `a`, which is locked; undefined if the role may lock no build. */
  readonly locked?: number;
}

/** A database in which two builds have the same tables. */
function poolIn({ live, at, locked }: State): Pool {
  const query = async (asked: string | { readonly text: string }) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    if (text.includes('for update')) return { rows: locked === undefined ? [] : [{ next_offset: locked }] };
    return { rows: text.includes('where live') ? [{ name: live, next_offset: at }] : [] };
  };
  const client = { query, on: () => undefined, off: () => undefined, release: () => undefined };
  return { connect: async () => client } as unknown as Pool;
}

/** Whether the work runs, with a build that stands at offset 7 and then catches up with `a`. */
async function runs(state: State): Promise<boolean> {
  let next = 7;
  const catchUp = async (to: number) => void (next = Math.max(next, to));
  const work = async () => 'compared';
  return (await inSharedSnapshot(poolIn(state), { live: 'a', next: () => next, catchUp }, work)) !== undefined;
}

describe('a snapshot that a candidate build shares with the live build', () => {
  test('both are at one offset, once the candidate has caught up', async () => {
    expect(await runs({ live: 'a', at: 7, locked: 7 })).toBe(true);
    expect(await runs({ live: 'a', at: 9, locked: 9 })).toBe(true);
  });

  test('no snapshot is taken once another build is live, although the former one exists', async () => {
    expect(await runs({ live: 'b', at: 7, locked: 7 })).toBe(false);
    expect(await runs({ live: 'b', at: 9, locked: 7 })).toBe(false);
  });

  test('an auditor, for whom the projector does not wait, gets one only of one offset', async () => {
    expect(await runs({ live: 'a', at: 7 })).toBe(true);
    expect(await runs({ live: 'a', at: 8 })).toBe(false);
  });
});
