import { expect, test } from '@jest/globals';
import { failuresIn, type Reported } from './tests.js';

type File = Reported['testResults'][number];
const passed = { status: 'passed', fullName: 'it works', failureMessages: [] };
const file: File = { name: '/checkout/race.e2e.ts', status: 'passed', message: '', assertionResults: [passed] };
const failures = (more: Partial<File>, code = 0, numPassedTests = 1) =>
  failuresIn({ numPassedTests, testResults: [file, { ...file, ...more }] }, code);

test('a run without a failure has none', () => {
  expect(failures({})).toEqual([]);
});

test('a failed test is one, with its message in one line', () => {
  const failed = { status: 'failed', fullName: 'it holds', failureMessages: ['expected\n  1'] };
  expect(failures({ status: 'failed', message: 'all', assertionResults: [passed, failed] }, 1)).toEqual([
    'it holds: expected 1',
  ]);
});

test('an error outside of all tests is one, and so is a file without tests', () => {
  expect(failures({ status: 'failed', message: 'afterAll threw' }, 1)).toEqual(['race.e2e.ts: afterAll threw']);
  expect(failures({ assertionResults: [] })).toEqual(['race.e2e.ts: no tests']);
});

test('a run in which no test passed is one, and so is a bad end of Jest', () => {
  expect(failures({}, 0, 0)).toEqual(['no test ran']);
  expect(failures({}, 1)).toEqual(['all tests passed, and Jest ended with 1']);
});
