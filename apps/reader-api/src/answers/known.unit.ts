import { describe, expect, test } from '@jest/globals';
import { Known } from './known.js';

const state = (position: number, more = {}) => ({
  build: 'one',
  log: 'a',
  position,
  shredded: 0,
  rewritten: 0,
  shown: position,
  ...more,
});
const [talks, other, everything] = [{ story: 'talks' }, { story: 'other' }, { everything: true }];

describe('the validity of a cached answer', () => {
  const known = new Known();
  const then = known.take(state(10));

  test('an answer is valid while nothing changes', () => {
    known.take(state(10));
    for (const scope of [talks, other, everything, {}]) expect(known.same(scope, then)).toBe(true);
  });

  test('an answer is invalid after a change of its story, or of any story if it depends on everything', () => {
    expect(known.changesNeeded(state(12))).toBe(10);
    known.take(state(12), [{ story: 'talks', position: 11 }]);
    expect([talks, other, everything, {}].map(scope => known.same(scope, then))).toEqual([false, true, false, true]);
    expect(known.same(talks, known.latest)).toBe(true);
  });

  test('an answer that shows another story’s title is invalid after a change of that story', () => {
    const known = new Known();
    const then = known.take(state(10));
    const named = { story: 'other', names: 'talks' };
    expect(known.same(named, then)).toBe(true);
    known.take(state(11), [{ story: 'talks', position: 11 }]);
    expect([known.same(named, then), known.same(other, then)]).toEqual([false, true]);
  });

  test('a change of an actor makes every answer invalid', () => {
    const now = known.latest;
    known.take(state(13), [{ story: null, position: 13 }]);
    expect([talks, other, {}].map(scope => known.same(scope, now))).toEqual([false, false, false]);
  });

  test.each([
    ['a takedown', { shredded: 5 }],
    ['rows that were rewritten', { rewritten: 1 }],
    ['another build', { build: 'two' }],
    ['another log', { log: 'b' }],
  ])('an answer is invalid after %s, which also empties the cache', (_what, change) => {
    const known = new Known();
    let forgotten = 0;
    known.onForget = () => forgotten++;
    const then = known.take(state(10));
    expect(known.changesNeeded(state(10, change))).toBeUndefined();
    known.take(state(10, change));
    expect(known.same(talks, then)).toBe(false);
    expect(forgotten).toBe(2);
  });

  test('an answer is invalid after the log went back, even at the same position', () => {
    const known = new Known();
    const then = known.take(state(10));
    known.take(state(9));
    known.take(state(10), []);
    expect(known.same(talks, then)).toBe(false);
  });

  test('an answer is invalid after more stories have changed than are remembered', () => {
    const changed = (...stories: string[]) => stories.map((story, i) => ({ story, position: 11 + i }));
    const known = new Known(2);
    const then = known.take(state(10));
    known.take(state(12), changed('a', 'b'));
    expect(known.same(talks, then)).toBe(true);
    known.take(state(13), changed('c'));
    expect(known.same(talks, then)).toBe(false);
    const later = known.latest;
    known.take(state(20), null);
    expect(known.same(talks, later)).toBe(false);
  });
});
