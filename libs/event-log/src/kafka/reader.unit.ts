import { expect, test } from '@jest/globals';
import { Watchdog } from './reader.js';

const looks = (...all: [now: number, handed: number, end: number, busy?: boolean][]) => {
  const watchdog = new Watchdog(1_000);
  return all.map(([now, handed, end, busy = false]) => watchdog.stalled({ now, handed, end, busy }));
};

test('it barks when records wait for as long as its patience and none is handed over', () => {
  expect(looks([0, 5, 6], [900, 5, 6], [1_000, 5, 7])).toEqual([false, false, true]);
});

test('it does not bark at a log that was read to its end, nor at a record that has just come', () => {
  expect(looks([0, 6, 6], [5_000, 6, 6], [5_500, 6, 7])).toEqual([false, false, false]);
});

test('it does not bark while records are handed over, however slowly', () => {
  expect(looks([0, 5, 9], [900, 6, 9], [1_800, 7, 9])).toEqual([false, false, false]);
});

test('it does not bark while a handler is at work, nor at once after it', () => {
  expect(looks([0, 5, 9], [2_000, 5, 9, true], [2_900, 5, 9], [3_000, 5, 9])).toEqual([false, false, false, true]);
});
