import { expect, test } from '@jest/globals';
import { Watchdog } from './reader.js';

const looks = (...all: [now: number, handed: number, end: number, busy?: boolean][]) => {
  const watchdog = new Watchdog(1_000);
  return all.map(([now, handed, end, busy = false]) => watchdog.stalled({ now, handed, end, busy }));
};

test('the watchdog reports a stall when records wait for its patience and none is handed over', () => {
  expect(looks([0, 5, 6], [900, 5, 6], [1_000, 5, 7])).toEqual([false, false, true]);
});

test('the watchdog reports no stall at the end of the log, or for a record that has just come', () => {
  expect(looks([0, 6, 6], [5_000, 6, 6], [5_500, 6, 7])).toEqual([false, false, false]);
});

test('the watchdog reports no stall while records are handed over slowly', () => {
  expect(looks([0, 5, 9], [900, 6, 9], [1_800, 7, 9])).toEqual([false, false, false]);
});

test('the watchdog reports no stall while a handler runs, or shortly after it', () => {
  expect(looks([0, 5, 9], [2_000, 5, 9, true], [2_900, 5, 9], [3_000, 5, 9])).toEqual([false, false, false, true]);
});
