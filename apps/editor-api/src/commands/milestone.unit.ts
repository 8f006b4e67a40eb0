import { expect, test } from '@jest/globals';
import { Milestone } from './milestone.js';
import { shared } from './shared.js';

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

test('those who ask while a question is away share the next one, which was asked after they called', async () => {
  let asked = 0;
  const answers: ((answer: number) => void)[] = [];
  const ask = shared(() => new Promise<number>(resolve => (asked++, answers.push(resolve))));
  const [first, second, third] = [ask(), ask(), ask()];
  expect(asked).toBe(1);
  answers[0]!(1);
  expect(await first).toBe(1);
  await new Promise(resolve => setImmediate(resolve));
  expect(asked).toBe(2);
  answers[1]!(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await new Promise(resolve => setImmediate(resolve));
  void ask();
  expect(asked).toBe(3);
});
