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
    links: [],
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

describe('applying a change to a timeline', () => {
  const held = timeline(5, [entry('b', 5), entry('a', 4)]);

  test('new entries come first, and the later of two events in one commit comes before the earlier', () =>
    expect(ids(applyChange(held, change(6, [entry('c', 6), entry('d', 6)])))).toEqual(['d', 'c', 'b', 'a']));

  test('an entry that was retracted replaces the old one at its place', () => {
    const gone = entry('a', 4, { status: 'retracted' });
    expect(applyChange(held, change(6, [gone])).entries).toEqual([held.entries[0], gone]);
  });

  test('a change that was already applied leaves the timeline as it is', () => {
    expect(applyChange(held, change(5, [entry('b', 5), entry('x', 5)]))).toBe(held);
    expect(applyChange(held, change(3, []))).toBe(held);
  });

  test('an entry of a page that was not loaded is left out; one whose embargo was lifted is inserted at its place', () => {
    const part = timeline(5, [entry('b', 5), entry('a', 3)], '/next');
    expect(ids(applyChange(part, change(6, [entry('old', 2)])))).toEqual(['b', 'a']);
    expect(ids(applyChange(part, change(6, [entry('lifted', 4)])))).toEqual(['b', 'lifted', 'a']);
    expect(ids(applyChange(held, change(6, [entry('old', 2)])))).toEqual(['b', 'a', 'old']);
  });

  describe('to what an entry links to', () => {
    const said = (title: string) => ({
      headline: title,
      headlineHtml: `<b>${title}</b>`,
      title: `Corrected: ${title}`,
    });
    const link = { as: 'answers', development: 'b', ...said('Two') };
    const other = { as: 'related', development: 'x', ...said('Other') };
    const linking = timeline(5, [entry('b', 5), entry('a', 4, { changed: 4, links: [link, other] } as Partial<Entry>)]);
    const linkingAfter = (b: object) =>
      applyChange(linking, change(6, [entry('b', 5, { ...said('Three'), ...b })])).entries.at(-1)!;

    test.each(['active', 'superseded'] as const)('gives the link its new title: %s', status => {
      const links = [{ ...link, ...said('Three') }, other];
      expect(linkingAfter({ status })).toEqual({ ...linking.entries[1], links });
    });

    test.each([{ status: 'retracted' }, { status: 'taken-down', headline: null, headlineHtml: null }])(
      'removes the link: $status',
      b => expect(linkingAfter(b).links).toEqual([other]),
    );
  });

  test('the outcome of a condition is updated in an entry that depends on it', () => {
    const open = { id: 'calm', text: 'if it calms', fate: null, reason: null, development: null, position: null };
    const hanging = entry('a', 4, { modality: { mode: 'conditional', conditions: [open] } } as Partial<Entry>);
    const met = { text: 'if calm', fate: 'met', reason: 'Flat.', development: null, position: 6 } as const;
    const { entries } = applyChange(timeline(4, [hanging]), change(6, [], { conditions: { calm: met } }));
    expect(entries[0]!.modality!.conditions).toEqual([{ ...met, id: 'calm', text: 'if it calms' }]);
  });
});
