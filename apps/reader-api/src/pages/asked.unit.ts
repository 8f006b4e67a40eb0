import { expect, test } from '@jest/globals';
import { instantAsked } from './asked.js';

test('a time is read by the story’s clocks, or as an instant with an offset', () => {
  expect(instantAsked('2026-01-31T09:00', 'Europe/Oslo')).toBe('2026-01-31T08:00:00.000Z');
  expect(instantAsked('2028-02-29T09:00:01.5', 'UTC')).toBe('2028-02-29T09:00:01.500Z');
  expect(instantAsked('2026-01-31T09:00:00-09:00', 'UTC')).toBe('2026-01-31T18:00:00.000Z');
});

test.each(['2026-02-30T10:00', '2026-02-29T10:00:00', '2026-04-31T10:00:00Z', '2026-01-31T25:00', 'now'])(
  '%s is no time',
  at =>
    expect(() => instantAsked(at, 'Europe/Oslo')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ code: 'invalid-field' }) }),
    ),
);
