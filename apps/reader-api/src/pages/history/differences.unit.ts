import type { CellView, EntryView } from '#pages';
import { expect, test } from '@jest/globals';
import { differencesOf, differingCells } from './differences.js';

const entry = (id: string, changes: Partial<EntryView> = {}): EntryView => ({
  id,
  kind: 'statement',
  headline: id,
  bodyHtml: null,
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted', conditions: [] },
  standing: 'reported',
  actors: [],
  recorded: '2026-01-01T00:00:00.000Z',
  by: null,
  changed: 1,
  status: 'active',
  key: false,
  pinned: false,
  supersededBy: null,
  links: [],
  checks: [],
  corrections: [],
  retraction: null,
  ...changes,
});
const told = (then: EntryView[], later: EntryView[]) =>
  differencesOf(then, later).map(({ id, how }) => `${id}: ${how.join(', ')}`);

test('what came since is told first, then what became of what was there', () =>
  expect(told([entry('a'), entry('b')], [entry('c'), entry('a', { key: true, changed: 5 }), entry('b')])).toEqual([
    'c: added',
    'a: marked',
  ]));

test('what was there then, and is not at the other moment, is told as well', () =>
  expect(told([entry('a')], [])).toEqual(['a: withdrawn']));

test('each thing that became of an update is named', () => {
  const fate = { id: 'c', text: 'it rains', fate: null, reason: null };
  const conditional = (met: 'met' | null) => ({ mode: 'conditional' as const, conditions: [{ ...fate, fate: met }] });
  const act = { recorded: '2026-01-01T00:00:00.000Z', by: null, reason: 'So.' };
  const corrections = [{ ...act, wrong: 'It.', was: entry('a') }];
  expect(told([entry('a')], [entry('a', { status: 'retracted', retraction: act, changed: 2 })])).toEqual([
    'a: retracted',
  ]);
  const takedown = { ground: 'legal', position: 6, recorded: act.recorded } as const;
  const gone = (changed: number) => entry('a', { status: 'taken-down', takedown, changed });
  expect(told([gone(1)], [gone(6)])).toEqual(['a: removed']);
  expect(told([gone(1)], [gone(4)])).toEqual(['a: changed']);
  expect(told([gone(6)], [gone(6)])).toEqual([]);
  expect(told([entry('a')], [entry('a', { status: 'superseded', changed: 2 })])).toEqual(['a: superseded']);
  expect(told([entry('a')], [entry('a', { corrections, standing: 'confirmed', changed: 2 })])).toEqual([
    'a: corrected, standing',
  ]);
  expect(told([entry('a', { modality: conditional(null) })], [entry('a', { modality: conditional('met') })])).toEqual([
    'a: settled',
  ]);
  expect(told([entry('a')], [entry('a', { changed: 7 })])).toEqual(['a: changed']);
  expect(told([entry('a')], [entry('a')])).toEqual([]);
});

test('a cell differs where it says something else, or is at one of the moments only', () => {
  const cell = (key: string, value: object): CellView => ({
    facet: 'position',
    key,
    current: { ...entry('x'), status: 'active', development: 'x', value: { ...value } },
    citations: [],
  });
  const then = [cell('same', { a: 1 }), cell('other', { a: 1 }), cell('gone', {})];
  const later = [cell('same', { a: 1 }), cell('other', { a: 2 }), cell('new', {})];
  expect([...differingCells(then, later)].map(id => JSON.parse(id)[1]).sort()).toEqual(['gone', 'new', 'other']);
});
