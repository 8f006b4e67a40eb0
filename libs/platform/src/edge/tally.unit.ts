import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Tally } from './tally.js';

describe('a tally', () => {
  let now = 0;
  const tally = (perMinute: number, keys?: number) => {
    now = 1_000;
    return new Tally(perMinute, () => now, keys);
  };

  test('lets a key use its whole minute at once, and returns the wait for one more', () => {
    const of = tally(10);
    for (let n = 0; n < 10; n++) expect(of.take('a')).toBe(0);
    expect(of.take('a')).toBe(6);
    expect(of.take('b')).toBe(0);
    now += 5_999;
    expect(of.take('a')).toBe(1);
    now += 1;
    expect(of.take('a')).toBe(0);
    expect(of.take('a')).toBe(6);
  });

  test('that allows 0 counts nothing', () => {
    const of = tally(0);
    for (let n = 0; n < 100; n++) expect(of.take('a')).toBe(0);
    expect(of.size).toBe(0);
  });

  test('remembers so many keys and no more: who was heard of longest ago is forgotten', () => {
    const of = tally(1, 3);
    for (const key of ['a', 'b', 'c']) of.take(key);
    expect([of.size, of.wait('a')]).toEqual([3, 60]);
    of.take('d');
    expect([of.size, of.wait('a'), of.wait('b')]).toEqual([3, 0, 60]);
  });

  test('never lets more through in any minute than twice what it allows, and always what was waited for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 5_000 })),
        (perMinute, pauses) => {
          const of = tally(perMinute);
          const taken: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const wait = of.take('a');
            if (wait === 0) taken.push(now);
            else if (pause > 4_000) {
              now += wait * 1_000;
              expect(of.take('a')).toBe(0);
              taken.push(now);
            }
          }
          for (const begin of taken)
            expect(taken.filter(at => at >= begin && at < begin + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
        },
      ),
    );
  });
});
