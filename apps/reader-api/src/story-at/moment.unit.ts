import { expect, test } from '@jest/globals';
import { AsOfQuery } from './moment.js';

test.each(['knownAt', 'visibleAt', 'happenedBy'] as const)('%s must be in the years 0001 to 9999 in UTC', name => {
  const read = (instant: string) => AsOfQuery.safeParse({ [name]: instant });
  expect(read('9999-12-31T18:59:59-05:00').data).toEqual({ [name]: '9999-12-31T23:59:59.000Z' });
  expect(read('0001-01-01T01:00:00+01:00').data).toEqual({ [name]: '0001-01-01T00:00:00.000Z' });
  for (const beyond of ['9999-12-31T19:00:00-05:00', '0001-01-01T00:59:59+01:00', '0000-01-01T00:00:00Z']) {
    const [issue] = read(beyond).error!.issues;
    expect([issue!.path, issue!.message]).toEqual([[name], 'must be in one of the years 0001 to 9999 in UTC']);
  }
});
