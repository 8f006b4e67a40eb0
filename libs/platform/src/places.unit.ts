import { expect, test } from '@jest/globals';
import { Places } from './places.js';

test('there are as many places for each as are allowed, and not one more', () => {
  const places = new Places(10, 2);
  const first = places.take('a');
  expect([places.take('a'), places.take('a'), places.take('b')].map(Boolean)).toEqual([true, false, true]);
  first!();
  expect([places.take('a'), places.take('a')].map(Boolean)).toEqual([true, false]);
});

test('there are as many places in all as are allowed, and not one more', () => {
  const places = new Places(3, 2);
  const taken = ['a', 'b', 'c', 'd'].map(whom => places.take(whom));
  expect(taken.map(Boolean)).toEqual([true, true, true, false]);
  taken[1]!();
  taken[1]!();
  expect([places.size, Boolean(places.take('e')), Boolean(places.take('f'))]).toEqual([2, true, false]);
});
