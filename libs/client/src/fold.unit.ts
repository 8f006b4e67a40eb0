import type { Change, Entry } from '#contract';
import { describe, expect, test } from '@jest/globals';
import { applyChange, type Timeline } from './fold.js';

const entry = (id: string, position: number, more: Partial<Entry> = {}) =>
  ({
    id,
    position,
    status: 'active',
    modality: { mode: 'asserted', conditions: [] },
    corrections: [],
    ...more,
  }) as unknown as Entry;
const timeline = (position: number, entries: Entry[], next: string | null = null): Timeline => ({
  story: 's',
  position,
  entries,
  next,
});
const change = (position: number, entries: Entry[], more: Partial<Change> = {}) =>
  ({ position, story: 's', acts: [], entries, ...more }) as unknown as Change;
const ids = ({ entries }: Timeline) => entries.map(({ id }) => id);

describe('a change', () => {
  const held = timeline(5, [entry('b', 5), entry('a', 4)]);

  test('puts new entries first; of one commit, the later event comes first', () =>
    expect(ids(applyChange(held, change(6, [entry('c', 6), entry('d', 6)])))).toEqual(['d', 'c', 'b', 'a']));

  test('replaces entries that were corrected, retracted or taken down', () => {
    const gone = entry('a', 4, { status: 'retracted' });
    expect(applyChange(held, change(6, [gone])).entries).toEqual([held.entries[0], gone]);
  });

  test('that was already applied changes nothing', () => {
    expect(applyChange(held, change(5, [entry('b', 5), entry('x', 5)]))).toBe(held);
    expect(applyChange(held, change(3, []))).toBe(held);
  });

  test('adds no entry of a page that was not loaded, and inserts one that was withheld at its place', () => {
    const part = timeline(5, [entry('b', 5), entry('a', 3)], '/next');
    expect(ids(applyChange(part, change(6, [entry('old', 2)])))).toEqual(['b', 'a']);
    expect(ids(applyChange(part, change(6, [entry('lifted', 4)])))).toEqual(['b', 'lifted', 'a']);
    expect(ids(applyChange(held, change(6, [entry('old', 2)])))).toEqual(['b', 'a', 'old']);
  });

  test('updates the outcome of a condition in every entry that depends on it', () => {
    const open = { id: 'calm', text: 'if it calms', fate: null, reason: null, development: null, position: null };
    const hanging = entry('a', 4, { modality: { mode: 'conditional', conditions: [open] } } as Partial<Entry>);
    const met = { text: 'if calm', fate: 'met', reason: 'Flat.', development: null, position: 6 } as const;
    const { entries } = applyChange(timeline(4, [hanging]), change(6, [], { conditions: { calm: met } }));
    expect(entries[0]!.modality!.conditions).toEqual([{ ...met, id: 'calm', text: 'if it calms' }]);
  });
});
