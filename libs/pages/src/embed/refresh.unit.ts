import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { longestCachedMs, Refresh } from './refresh.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** What a cache answers with: what is new from then on. */
function cached() {
  const session = new AbortController();
  const loads: number[] = [];
  const from = performance.now();
  const now = () => performance.now() - from;
  const held = { freshAt: Infinity, fresh: false };
  const load = async () => {
    loads.push(now());
    held.fresh = now() >= held.freshAt;
  };
  const refresh = new Refresh(load, () => held.fresh, session.signal);
  return { refresh, loads, held, session };
}

test('what is old in a cache for a minute is loaded after that minute, and then no more', async () => {
  const { refresh, loads, held } = cached();
  held.freshAt = 60_000;
  refresh.begin();
  await jest.advanceTimersByTimeAsync(75_000);
  const tries = loads.length;
  expect(held.fresh).toBe(true);
  expect(tries).toBeLessThan(20);
  await jest.advanceTimersByTimeAsync(300_000);
  expect(loads).toHaveLength(tries);
});

test('what stays old is given up, and loaded again after the next change', async () => {
  const { refresh, loads, held } = cached();
  refresh.begin();
  await jest.advanceTimersByTimeAsync(300_000);
  expect(loads.at(-1)).toBeGreaterThan(longestCachedMs);
  expect(loads.length).toBeLessThan(20);
  held.freshAt = 0;
  refresh.begin();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(held.fresh).toBe(true);
});

test('a change during the last tries is tried for as long', async () => {
  const { refresh, held, loads } = cached();
  held.freshAt = longestCachedMs + 60_000;
  refresh.begin();
  await jest.advanceTimersByTimeAsync(longestCachedMs - 1_000);
  refresh.begin();
  await jest.advanceTimersByTimeAsync(90_000);
  expect(held.fresh).toBe(true);
  expect(loads.length).toBeLessThan(40);
});

test('nothing is loaded once the session has ended', async () => {
  const { refresh, loads, session } = cached();
  refresh.begin();
  await jest.advanceTimersByTimeAsync(3_000);
  const tries = loads.length;
  session.abort();
  await jest.advanceTimersByTimeAsync(300_000);
  expect(loads).toHaveLength(tries);
});
