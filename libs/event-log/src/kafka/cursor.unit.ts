import { describe, expect, test } from '@jest/globals';
import { breach, misplaced } from './cursor.js';

describe('a log after 5 records were read from it', () => {
  test.each([
    [{ first: 0, next: 5 }, undefined],
    [{ first: 0, next: 9 }, undefined],
    [{ first: 0, next: 4 }, 'log-gone-back'],
    [{ first: 1, next: 9 }, 'log-truncated'],
    [{ first: 7, next: 7 }, 'log-truncated'],
  ])('a log with the bounds %j gets the error code %s', (bounds, code) => {
    expect(breach(bounds, 5)?.code).toBe(code);
  });

  test.each([
    [{ first: 0, next: 9 }, 7, 'log-gap'],
    [{ first: 0, next: 9 }, 3, 'log-gone-back'],
    [{ first: 0, next: 4 }, 0, 'log-gone-back'],
    [{ first: 7, next: 9 }, 7, 'log-truncated'],
    [undefined, 7, 'log-gap'],
    [undefined, 0, 'log-gone-back'],
  ])('a log with the bounds %j that gives offset %d next gets the error code %s', (bounds, found, code) => {
    expect(misplaced(bounds, 5, found).code).toBe(code);
  });
});
