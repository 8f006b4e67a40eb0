import { describe, expect, test } from '@jest/globals';
import { countsFrom, exitCodeOf, NOTHING, sum, type JestReport } from './counts.js';

const clean: JestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 0,
};

describe('the count of a test run', () => {
  test('pending and todo tests count as skipped', () => {
    expect(countsFrom(clean, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  test('a suite that could not run counts as one failure', () => {
    expect(countsFrom({ ...clean, numRuntimeErrorTestSuites: 1 }, 1).failed).toBe(1);
  });

  test('a jest that died, or failed without a failed test, counts as one failure', () => {
    expect(countsFrom(undefined, 1).failed).toBe(1);
    expect(countsFrom(clean, 1).failed).toBe(1);
  });

  test('a run with a failure and a run without tests both fail', () => {
    expect(exitCodeOf(countsFrom(clean, 0))).toBe(0);
    expect(exitCodeOf(sum(countsFrom(clean, 0), { ...NOTHING, failed: 1 }))).toBe(1);
    expect(exitCodeOf(NOTHING)).toBe(1);
  });
});
