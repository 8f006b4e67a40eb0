import type { CellView } from '#pages';
import { expect, test } from '@jest/globals';
import { differencesOf, differingCells, type Compared } from './differences.js';

const entry = (id: string, changes: Partial<Compared> = {}): Compared => ({
  id,
  title: id,
  plainTitle: `plain ${id}`,
  status: 'active',
  standing: 'reported',
  key: false,
  pinned: false,
  corrections: 0,
  fates: [],
  takedown: null,
  changed: 1,
  ...changes,
});
const differing = (then: Compared[], later: Compared[]) =>
  differencesOf(then, later).map(({ id, how }) => `${id}: ${how.join(', ')}`);

test('new updates are listed first, then the changes of earlier ones', () =>
  expect(differing([entry('a'), entry('b')], [entry('c'), entry('a', { key: true, changed: 5 }), entry('b')])).toEqual([
    'c: added',
    'a: marked',
  ]));

test('updates that are missing at the later moment are listed as withdrawn', () =>
  expect(differing([entry('a')], [])).toEqual(['a: withdrawn']));

test('each change of an update is named', () => {
  expect(differing([entry('a')], [entry('a', { status: 'retracted', changed: 2 })])).toEqual(['a: retracted']);
  const takedown = { ground: 'legal', position: 6, recorded: '2026-01-01T00:00:00.000Z' } as const;
  const gone = (changed: number) => entry('a', { status: 'taken-down', takedown, changed });
  expect(differing([gone(1)], [gone(6)])).toEqual(['a: removed']);
  expect(differing([gone(1)], [gone(4)])).toEqual(['a: changed']);
  expect(differing([gone(6)], [gone(6)])).toEqual([]);
  expect(differing([entry('a')], [entry('a', { status: 'superseded', changed: 2 })])).toEqual(['a: superseded']);
  expect(differing([entry('a')], [entry('a', { corrections: 1, standing: 'confirmed', changed: 2 })])).toEqual([
    'a: corrected, standing',
  ]);
  expect(differing([entry('a', { fates: [null] })], [entry('a', { fates: ['met'] })])).toEqual(['a: settled']);
  expect(differing([entry('a')], [entry('a', { changed: 7 })])).toEqual(['a: changed']);
  expect(differing([entry('a')], [entry('a')])).toEqual([]);
});

test('a cell differs if its value changed, or if it exists at only one of the moments', () => {
  const cell = (key: string, value: object): CellView => ({
    facet: 'position',
    key,
    current: {
      ...{ development: 'x', kind: 'position', headline: 'x', value: { ...value }, status: 'active' },
      ...{
        sourcing: { basis: 'desk', standing: 'reported' },
        standing: 'reported',
        occurred: { precision: 'unknown' },
      },
      ...{ modality: { mode: 'asserted', conditions: [] }, recorded: '2026-01-01T00:00:00.000Z' },
    },
    citations: [],
    total: 1,
  });
  const then = [cell('same', { a: 1 }), cell('other', { a: 1 }), cell('gone', {})];
  const later = [cell('same', { a: 1 }), cell('other', { a: 2 }), cell('new', {})];
  expect([...differingCells(then, later)].map(id => JSON.parse(id)[1]).sort()).toEqual(['gone', 'new', 'other']);
});

test('the title does not repeat the change that is shown beside it', () => {
  const title = (then: Compared, later: Compared) => differencesOf([then], [later])[0]!.title;
  expect(title(entry('a'), entry('a', { status: 'retracted', changed: 2 }))).toBe('plain a');
  expect(title(entry('a'), entry('a', { corrections: 1, changed: 2 }))).toBe('plain a');
  // It was retracted before, so the changed marking does not repeat it.
  expect(title(entry('a', { status: 'retracted' }), entry('a', { status: 'retracted', key: true, changed: 2 }))).toBe(
    'a',
  );
});
