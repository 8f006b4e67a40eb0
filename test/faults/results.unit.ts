import { describe, expect, test } from '@jest/globals';
import { joined, shortOf, table, type Result, type Run } from './results.js';

const result: Result = {
  row: 'simulator',
  fault: 'sends lost',
  invariant: 'nothing is lost',
  unit: 'seed',
  tries: 1_000,
  violations: [],
  figures: { won: 12, pending: 1 },
  seconds: 61,
};
const run = (results: readonly Result[], commit = 'abc'): Run => ({
  date: '2026-01-31T18:00:00.000Z',
  commit,
  machine: '2 cores',
  scale: 'long',
  seed: 1,
  results,
});

describe('results of the matrix', () => {
  test('one run is a table, in which a row that is not finished says so', () => {
    const text = table([
      result,
      { ...result, row: 'zoo', tries: 1, unit: 'mutant', failed: 'no build' },
      { ...result, wanted: 5_000, violations: ['x'], failed: 'time' },
    ]);
    expect(text.split('\n').map(line => line.trim().split(/ {2,}/))).toEqual([
      ['fault', 'tries', 'violations', 'minutes', 'invariant'],
      ['simulator', '1,000 seeds', '0', '1.0', 'nothing is lost'],
      ['zoo', '1 mutant', 'NOT FINISHED', '1.0', 'nothing is lost'],
      ['simulator', '1,000 of 5,000 seeds', '1, NOT FINISHED', '1.0', 'nothing is lost'],
    ]);
  });

  test('several runs are added, and those that did not finish are counted, with what they had found', () => {
    const more = { ...result, tries: 500, violations: ['seed 7'], figures: { won: 3 }, seconds: 60 };
    const text = joined(
      [
        run([result]),
        run([more, { ...result, tries: 0, figures: {}, violations: ['seed 9'], failed: 'ended with 1' }], 'def'),
        run([{ ...result, failed: 'Not possible here: no Docker engine answers.' }], 'other'),
      ],
      ['zoo', 'simulator'],
      '',
    );
    expect(text.split('\n').slice(2)).toEqual([
      '| `simulator` | sends lost | nothing is lost | 1,500 seeds | 2; 1 of 3 not finished | 15 won, 1 pending | 4 min, abc, def |',
    ]);
  });

  test('of a figure that is the most of something, the greatest counts', () => {
    const most = (mb: number) => run([{ ...result, figures: { 'MiB at most': mb } }]);
    expect(joined([most(300), most(200)], ['simulator'], '')).toContain('| 300 MiB at most |');
  });

  test('fewer tries than wanted are not finished, unless the time was limited and one was made', () => {
    const full = { isOver: true, isLimited: false };
    const limited = { isOver: true, isLimited: true };
    expect(shortOf(20, 20, full)).toEqual({});
    expect(shortOf(19, 20, full)).toEqual({ wanted: 20, failed: '19 of 20 tries in its time' });
    expect(shortOf(19, 20, limited)).toEqual({ wanted: 20 });
    expect(shortOf(0, 20, limited)).toEqual({ wanted: 20, failed: '0 of 20 tries in its time' });
    expect(shortOf(19, 20, { isOver: false, isLimited: false })).toEqual({});
  });

  test('rows without a run stay as they were; others are replaced', () => {
    const before = joined([run([result, { ...result, row: 'zoo', tries: 7 }])], ['zoo', 'simulator'], '');
    const after = joined([run([{ ...result, tries: 9 }], 'def')], ['zoo', 'simulator'], `\n\n${before}\n\n`);
    expect(after.split('\n').slice(2)).toEqual([
      before.split('\n')[2],
      '| `simulator` | sends lost | nothing is lost | 9 seeds | 0 | 12 won, 1 pending | 2 min, def |',
    ]);
  });
});
