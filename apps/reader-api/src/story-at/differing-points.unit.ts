import type { KeyPoint } from '#contract';
import { expect, test } from '@jest/globals';
import { differingPoints } from './differing-points.js';

const recorded = '2026-01-01T00:00:00.000Z';
const cites: KeyPoint['cites'] = [{ development: 'x', title: 'X', status: 'active' }];
const point = (text: string, changes: Partial<KeyPoint> = {}): KeyPoint => {
  const at = { first: 1, position: 1, recorded };
  return { text, words: text, cites, ...at, struck: null, takedown: null, ...changes };
};
const struck = { development: 'x', status: 'retracted', recorded } as const;
const takenDown = { ...struck, status: 'taken-down' } as const;
const differing = (then: KeyPoint[], later: KeyPoint[], between: string[] = []) =>
  differingPoints(then, later, new Set(between)).map(
    ({ how, was, now }) => `${was?.text ?? ''}>${now?.text ?? ''} ${how}`,
  );

test.each<[string, KeyPoint[], KeyPoint[], string[]]>([
  ['the same points, in another order', [point('a'), point('b')], [point('b'), point('a')], []],
  ['a new one', [point('a')], [point('b', { first: 2, position: 2 }), point('a')], ['>b new']],
  ['one that is gone', [point('a'), point('b', { first: 2 })], [point('a')], ['b> gone']],
  ['other words, which have another id', [point('a')], [point('b', { position: 2 })], ['a>b changed']],
  ['other citations', [point('a')], [point('a', { position: 2, cites: [] })], ['a>a changed']],
  ['another headline of what it cites', [point('a')], [point('a', { cites: [] })], ['a>a cited']],
  ['a retraction under it', [point('a')], [point('a', { struck })], ['a>a struck']],
  ['one that stays struck', [point('a', { struck })], [point('a', { struck })], []],
  ['a takedown before or after both', [point('a', { struck: takenDown })], [point('a', { struck: takenDown })], []],
  [
    'a takedown of its words',
    [point('a', { words: null })],
    [point('a', { words: null, takedown: { ground: 'legal', position: 2, recorded } })],
    ['a>a taken-down'],
  ],
])('between two moments: %s', (_, then, later, how) => expect(differing(then, later)).toEqual(how));

test('between two moments: a takedown of what a point cites strikes it, although the first one shows it struck too', () => {
  const both = [point('a', { struck: takenDown })];
  expect(differing(both, both, ['x'])).toEqual(['a>a struck']);
});
