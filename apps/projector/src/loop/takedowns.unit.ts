import type { Checkpoint } from '#projections';
import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
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

test('a build that was in use at the takedown is dropped later without a further commit', async () => {
  let looks = 0;
  const stop = new AbortController();
  const busy = () => Promise.reject(Object.assign(new Error('It is read.'), { code: '55P03' }));
  const pool = {
    query: async () => ({ rows: ++looks < 3 ? [{ name: 'old', made: 'old' }] : [] }),
    connect: busy,
  };
  const takedowns = new Takedowns({ pool } as never, { warn: () => undefined });
  const live = { name: 'a', live: true, shredded: 7 } as Checkpoint;
  await takedowns.after(live, live);
  const watching = takedowns.watch(stop.signal, 1);
  while (looks < 3) await sleep(1);
  await sleep(20);
  stop.abort();
  await watching;
  expect(looks).toBe(3);
});
