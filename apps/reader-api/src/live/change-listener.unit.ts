import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { paced } from './change-listener.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('the first call runs at once, later calls run once per pause, and the last call always runs', () => {
  const call = jest.fn();
  const ask = paced(call, 20);
  for (let n = 0; n < 1_000; n++) ask();
  expect(call).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(20);
  expect(call).toHaveBeenCalledTimes(2);
  jest.advanceTimersByTime(1_000);
  expect(call).toHaveBeenCalledTimes(2);
  ask();
  expect(call).toHaveBeenCalledTimes(3);
});
