import { describe, expect, test } from '@jest/globals';
import { grouped, keepSeen, mostKept, pointsChanged, seenIn } from './since.js';

/** A browser's storage, or one that denies everything. */
function storage(denied = false) {
  const held = new Map<string, string>();
  const checked = <Result>(run: () => Result): Result => {
    if (denied) throw new DOMException('denied', 'SecurityError');
    return run();
  };
  return {
    held,
    getItem: (name: string) => checked(() => held.get(name) ?? null),
    setItem: (name: string, text: string) => checked(() => void held.set(name, text)),
  };
}
const seen = (position: number) => ({ position, at: '2026-01-01T14:05:00.000Z' });

describe('where a reader was', () => {
  test('is kept by story', () => {
    const kept = storage();
    keepSeen(kept, 'talks', seen(3));
    keepSeen(kept, 'storm', seen(4));
    keepSeen(kept, 'talks', seen(5));
    expect(seenIn(kept, 'talks')).toEqual(seen(5));
    expect(seenIn(kept, 'storm')).toEqual(seen(4));
    expect(seenIn(kept, 'constructor')).toBeUndefined();
  });

  test('is kept for the stories read last, and no more', () => {
    const kept = storage();
    for (let n = 0; n <= mostKept; n++) keepSeen(kept, `story-${n}`, seen(n));
    expect(seenIn(kept, 'story-0')).toBeUndefined();
    expect(seenIn(kept, 'story-1')).toEqual(seen(1));
    keepSeen(kept, 'story-1', seen(7));
    keepSeen(kept, 'more', seen(8));
    expect(seenIn(kept, 'story-1')).toEqual(seen(7));
    expect(seenIn(kept, 'story-2')).toBeUndefined();
  });

  test('is unknown where the browser stores nothing, denies it, or holds something else', () => {
    for (const denied of [storage(true), undefined]) {
      keepSeen(denied, 'talks', seen(3));
      expect(seenIn(denied, 'talks')).toBeUndefined();
    }
    for (const text of ['not JSON', 'null', '7', '[]']) {
      const other = storage();
      other.held.set('dateline.seen', text);
      expect(seenIn(other, 'talks')).toBeUndefined();
      keepSeen(other, 'talks', seen(3));
      expect(seenIn(other, 'talks')).toEqual(seen(3));
    }
  });
});

test('what is new counts as new, whatever was done to it since; the rest by what was done', () => {
  expect(
    grouped([
      { id: 'a', isNew: true, acts: ['DevelopmentRecorded', 'DevelopmentCorrected'] },
      { id: 'b', isNew: false, acts: ['DevelopmentCorrected', 'DevelopmentRetracted'] },
      { id: 'c', isNew: false, acts: ['ContentShredded'] },
      { id: 'd', isNew: false, acts: [] },
      { id: 'e', isNew: true, acts: ['EmbargoLifted'] },
    ]),
  ).toEqual([
    ['new', ['a', 'e']],
    ['corrected', ['b']],
    ['retracted', ['b']],
    ['removed', ['c']],
  ]);
  expect(grouped([{ id: 'd', isNew: false, acts: ['DevelopmentPinned'] }])).toEqual([]);
});

test('a key point counts where its own words or grounds changed, and the page still lists it', () =>
  expect(pointsChanged(['new', 'changed', 'struck', 'taken-down', 'cited', 'gone'].map(how => ({ how })))).toBe(4));
