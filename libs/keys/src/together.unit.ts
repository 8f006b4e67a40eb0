import { expect, test } from '@jest/globals';
import { together } from './together.js';

test('one request runs at a time; the next takes the items that came meanwhile, up to the limit', async () => {
  const requests: number[][] = [];
  const double = together(async (items: readonly number[]) => {
    requests.push([...items]);
    await new Promise(resolve => setTimeout(resolve, 5));
    return items.map(item => 2 * item);
  }, 3);
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
  expect(requests).toEqual([[1], [2, 3, 4], [5]]);
  expect(await double(6)).toBe(12);
});

test('a failed request rejects its own items, and later items are answered', async () => {
  const answer = together(async (items: readonly string[]) => {
    if (items.includes('bad')) throw new Error('no');
    return items;
  }, 10);
  const all = await Promise.allSettled(['first', 'bad', 'with it'].map(answer));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await answer('later')).toBe('later');
});
