import { expect, test } from '@jest/globals';
import { decodeVisibility, onlyBeyond } from './entry.js';

const entry = (first: number, last: number, minute = 0) => ({ first, last, at: `2026-01-01T12:0${minute}:00.000Z` });

test('of entries that overlap only the part beyond the earlier ones counts, and times do not go back', () => {
  const sent = [entry(1, 20, 1), entry(1, 20, 1), entry(15, 42, 0), entry(30, 41, 3), entry(43, 44, 2)];
  const counted = [entry(1, 20, 1), entry(21, 42, 1), entry(43, 44, 2)];
  expect(onlyBeyond(sent)).toEqual(counted);
  expect(onlyBeyond(counted)).toEqual(counted);
  expect(onlyBeyond(sent, entry(1, 30, 2))).toEqual([entry(31, 42, 2), entry(43, 44, 2)]);
});

test('an entry has positions that the table can hold, in their order', () => {
  const read = (first: number, last: number) => decodeVisibility(Buffer.from(JSON.stringify(entry(first, last))));
  expect(read(3, 2_147_483_647)).toEqual(entry(3, 2_147_483_647));
  for (const [first, last] of [
    [3, 2_147_483_648],
    [4, 3],
    [0, 3],
  ] as const)
    expect(read(first, last)).toBeUndefined();
});
