import { Occurred } from '#domain';
import { describe, expect, test } from '@jest/globals';
import { daysSince, moved, movedContent } from './days.js';

const day = '2025-08-15T00:00:00-08:00';

describe('moving a story to another day', () => {
  test('the number of days since is counted in the story’s own offset', () => {
    expect(daysSince(day, Date.parse('2025-08-15T07:59:59Z'))).toBe(-1);
    expect(daysSince(day, Date.parse('2025-08-15T08:00:00Z'))).toBe(0);
    expect(daysSince(day, Date.parse('2026-08-15T08:00:00Z'))).toBe(365);
  });

  test('times keep their hour and offset across the ends of months and years', () => {
    expect(moved(day, 17)).toBe('2025-09-01T00:00:00-08:00');
    expect(moved('2025-12-31T23:30:00+05:30', 60)).toBe('2026-03-01T23:30:00+05:30');
    expect(Occurred.safeParse({ from: moved(day, 500), precision: 'day' }).success).toBe(true);
  });

  test('times that are unknown stay unknown', () => {
    const happening = (occurred: { from?: string; precision: string }) => ({ kind: 'context', occurred });
    expect(movedContent(happening({ precision: 'unknown' }), 3)).toEqual(happening({ precision: 'unknown' }));
    expect(movedContent(happening({ from: day, precision: 'day' }), 1)).toEqual(
      happening({ from: '2025-08-16T00:00:00-08:00', precision: 'day' }),
    );
  });
});
