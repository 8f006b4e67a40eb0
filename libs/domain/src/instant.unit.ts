import { expect, test } from '@jest/globals';
import { isInFourDigitYears } from './instant.js';

test.each([
  ['0001-01-01T00:00:00Z', true],
  ['0001-01-01T00:00:00+00:01', false],
  ['0000-12-31T23:59:59-00:01', true],
  ['0000-12-31T23:59:59Z', false],
  ['9999-12-31T23:59:59Z', true],
  ['9999-12-31T23:59:59-00:01', false],
  ['9999-12-31T23:59:59+14:00', true],
  ['+010000-01-01T00:00:00Z', false],
  ['-000001-01-01T00:00:00Z', false],
])('%s is in one of the years 0001 to 9999 in UTC: %s', (instant, is) => expect(isInFourDigitYears(instant)).toBe(is));
