import type { Checkpoint } from '#projections';
import { expect, test } from '@jest/globals';
import { Takedowns } from './takedowns.js';

test('after a takedown outdated builds are looked for until this build is the live one', async () => {
  let looks = 0;
  const pool = { query: async () => (looks++, { rows: [] }) };
  const takedowns = new Takedowns({ pool } as never, { warn: () => undefined });
  const before = { name: 'a', live: false, shredded: null } as Checkpoint;
  const after = { ...before, shredded: 7 };
  await takedowns.after(before, after);
  await takedowns.after(after, after);
  expect(looks).toBe(2);
  for (let times = 0; times < 2; times++) await takedowns.after(after, { ...after, live: true });
  expect(looks).toBe(3);
});
