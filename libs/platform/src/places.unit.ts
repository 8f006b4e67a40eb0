import { expect, test } from '@jest/globals';
import { Places } from './places.js';

test('each person gets as many places as the limit for one allows, and a released place can be taken again', () => {
  const places = new Places(10, 2);
  const first = places.take('a');
  expect([places.take('a'), places.take('a'), places.take('b')].map(Boolean)).toEqual([true, false, true]);
  first!();
  expect([places.take('a'), places.take('a')].map(Boolean)).toEqual([true, false]);
});

test('all together get as many places as the total limit allows; releasing a place twice frees one', () => {
  const places = new Places(3, 2);
  const taken = ['a', 'b', 'c', 'd'].map(whom => places.take(whom));
  expect(taken.map(Boolean)).toEqual([true, true, true, false]);
  taken[1]!();
  taken[1]!();
  expect([places.size, Boolean(places.take('e')), Boolean(places.take('f'))]).toEqual([2, true, false]);
});
