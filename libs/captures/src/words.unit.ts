import { expect, test } from '@jest/globals';
import { instantOrDate } from './words.js';

test.each([
  [' 2024-02-29 ', '2024-02-29'],
  ['2024-01-01T10:00', '2024-01-01'],
  ['2024-01-01 10:00:30.123 +0200', '2024-01-01T08:00:30Z'],
  ['2024-12-31T23:30-01:00', '2025-01-01T00:30:00Z'],
  ['2024-01-01t10:00z', '2024-01-01T10:00:00Z'],
])('%j is %s', (text, said) => expect(instantOrDate(text)).toBe(said));

test.each([
  ['2024-02-31'],
  ['2024-02-31T10:00:00Z'],
  ['2024-02-30 23:00+00:00'],
  ['2024-13-01'],
  ['2024-01-01T25:00Z'],
])('%s is no date', text => expect(instantOrDate(text)).toBeUndefined());

test('a long text does not cost', () => {
  const since = performance.now();
  for (const spaces of [' ', '\t\n'].map(space => space.repeat(1_000_000)))
    for (const text of [`2024-01-01T10:00${spaces}x`, `${spaces}x`, spaces])
      expect(instantOrDate(text)).toBeUndefined();
  expect(performance.now() - since).toBeLessThan(1_000);
});
