import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Measure, percentile } from './measure.js';

describe('the time from post to screen', () => {
  test('the time runs from sending a fact to its first arrival at a reader, even before the editor’s answer', () => {
    const measure = new Measure();
    measure.seen('d1', 140);
    measure.answered('F1', 'd1', 100);
    measure.answered('F2', 'd2', 200);
    measure.seen('d2', 207);
    measure.seen('d2', 900);
    expect(measure.postToGlass()).toEqual([40, 7]);
    expect(measure.unseen()).toEqual([]);
  });

  test('facts that were in the log before, or that no reader has seen, give no time', () => {
    const measure = new Measure();
    measure.answered('F1', 'd1');
    measure.seen('d1', 5);
    measure.answered('F2', 'd2', 6);
    expect(measure.postToGlass()).toEqual([]);
    expect(measure.unseen()).toEqual(['F2']);
    expect(measure.missingFrom(new Set(['d2']))).toEqual(['F1']);
    expect(measure.facts).toBe(2);
  });
});

describe('a percentile', () => {
  test('the percentile is the smallest value that covers the given share', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7], 0.99), percentile([], 0.5)]).toEqual([
      50,
      99,
      7,
      null,
    ]);
  });

  test('the percentile is one of the values, and covers at least the given share', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const value = percentile(values, share)!;
          expect(values).toContain(value);
          expect(values.filter(v => v <= value).length).toBeGreaterThanOrEqual(share * values.length);
        },
      ),
    ));
});
