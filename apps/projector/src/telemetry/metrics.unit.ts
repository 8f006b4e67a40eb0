import { describe, expect, test } from '@jest/globals';
import { LagWatch } from './metrics.js';

describe('lag', () => {
  test('the lag is zero at the log’s end', () => {
    expect(new LagWatch().look(5, 5, 1_000)).toEqual({ records: 0, seconds: 0 });
  });

  test('the lag is measured from the time when the first waiting record was seen', () => {
    const watch = new LagWatch();
    expect(watch.look(5, 7, 1_000)).toEqual({ records: 2, seconds: 0 });
    expect(watch.look(5, 7, 3_000)).toEqual({ records: 2, seconds: 2 });
    expect(watch.look(6, 9, 4_000)).toEqual({ records: 3, seconds: 3 });
  });

  test('the lag of a projector that keeps up stays zero, although one record always waits', () => {
    const watch = new LagWatch();
    for (let at = 0; at < 20; at++) expect(watch.look(at, at + 1, at * 15_000)).toEqual({ records: 1, seconds: 0 });
  });

  test('the lag falls to that of the oldest record that still waits', () => {
    const watch = new LagWatch();
    watch.look(0, 10, 0);
    watch.look(0, 20, 10_000);
    expect(watch.look(10, 20, 12_000)).toEqual({ records: 10, seconds: 2 });
  });
});
