import { expect, test } from '@jest/globals';
import { Milestone } from './milestone.js';

test('callers that wait for a value resume when it is reached, and no others do', async () => {
  const offset = new Milestone();
  const told: string[] = [];
  const waiting = [3, 3, 5].map(at => offset.until(at, 1_000).then(reached => told.push(`${at} ${reached}`)));
  expect(offset.size).toBe(3);
  offset.reach(4);
  await Promise.all(waiting.slice(0, 2));
  expect(told).toEqual(['3 true', '3 true']);
  offset.reach(9);
  await waiting[2];
  expect(told).toEqual(['3 true', '3 true', '5 true']);
  expect(await offset.until(9, 0)).toBe(true);
  expect(offset.size).toBe(0);
});

test('a caller that waits too long, or gives up, gets false and is forgotten', async () => {
  const offset = new Milestone();
  expect(await offset.until(1, 5)).toBe(false);
  const over = new AbortController();
  const aborted = offset.until(1, 1_000, over.signal);
  over.abort();
  expect(await aborted).toBe(false);
  expect(await offset.until(1, 1_000, over.signal)).toBe(false);
  expect(offset.size).toBe(0);
});
