import { describe, expect, test } from '@jest/globals';
import { unseen } from './examine.js';
import type { Fault } from './faults.js';
import { pace } from '../progress.js';
import { exitCodeOf, lines, reportOf } from './report.js';
import { whyIncomparable, type Findings } from './verify.js';

const fault = (more: Partial<Fault>): Fault => ({
  code: 'row-differs',
  stream: 'story:storm',
  seq: 3,
  position: 7,
  detail: 'In build_1.',
  row: { table: 'timeline', key: { story: 'storm' }, column: 'body', log: 'a', live: 'b' },
  ...more,
});
const equal: Findings = {
  examined: { ...unseen, records: 9, winners: 8 },
  at: { build: 'build_1', position: 8, nextOffset: 9 },
  compared: { first: undefined, differing: {}, hashes: { log: { timeline: 'aa' }, live: { timeline: 'aa' } } },
  cut: undefined,
  spared: undefined,
  lost: [],
  files: { checked: 0, wrong: [] },
  incomparable: undefined,
};
const report = (more: Partial<Findings>) => reportOf({ ...equal, ...more }, 'dateline', 1.5);
const differing = (first: Fault) => ({ compared: { ...equal.compared!, first, differing: { timeline: 2 } } });

describe('the report of verify', () => {
  test('an equal report has counts and hashes, and the exit code is 0', () => {
    const fine = report({});
    expect([fine.equal, exitCodeOf(fine), fine.voids]).toEqual([true, 0, 1]);
    const text = lines(fine).join('\n');
    expect(text).toMatch(/9 records, 8 commits that won, 1 void, 0 streams, in 1\.5 s/);
    expect(text).toMatch(/timeline +equal +aa/);
    expect(text).toMatch(/EQUAL/);
  });

  test('a difference is reported with its row, and the exit code is 1', () => {
    const found = report(differing(fault({})));
    expect(exitCodeOf(found)).toBe(1);
    const text = lines(found).join('\n');
    expect(text).toMatch(/timeline +DIFFERS in 2 rows/);
    expect(text).toMatch(
      /stream +story:storm, commit 3\n +position +7\n +row +timeline \{"story":"storm"\}, column body\n/,
    );
    expect(text).not.toMatch(/EQUAL/);
  });

  test('lost keys come before the rows that differ because of them', () => {
    const at = { stream: 'story:storm', seq: 3, position: 7 };
    const lost = Array.from({ length: 21 }, (_, i) => ({ ...at, development: `d${i}` }));
    const found = report({ lost, ...differing(fault({})) });
    expect([exitCodeOf(found), found.first?.code, found.lostCount, found.lost.length]).toEqual([1, 'key-lost', 21, 20]);
    expect(lines(found).join('\n')).toMatch(
      /destroyed, but the log .* The key of d0, and of 20 more\.[^]*LOST: .* d19\.\nand 1 more/,
    );
  });

  test('a fault in the log comes before a row that differs', () => {
    const first = fault({ code: 'altered-bytes', position: 12, row: null });
    const examined = { ...equal.examined, first, faults: 2 };
    expect(report({ examined, ...differing(fault({})) }).first).toBe(first);
    expect(lines(report({ examined })).join('\n')).toMatch(/2 commits have faults/);
  });

  test('a key that should be destroyed comes before a row that differs', () => {
    const spared = fault({ code: 'key-not-destroyed', row: null });
    const found = report({ spared, ...differing(fault({})) });
    expect([found.first, found.equal, exitCodeOf(found)]).toEqual([spared, false, 1]);
    expect(lines(found).join('\n')).toMatch(/DIFFERENT: The key store still has the key/);
  });

  test('an incomplete check exits with 2, and a difference still with 1', () => {
    const incomparable = 'No build is live yet.';
    expect(exitCodeOf(report({ incomparable }))).toBe(2);
    const unchecked = { stream: 'story:storm', position: 4, why: 'A schema of the future.' };
    const unread = report({ examined: { ...equal.examined, unchecked } });
    expect([exitCodeOf(unread), unread.equal]).toEqual([2, false]);
    expect(lines(unread).join('\n')).toMatch(/NOT CHECKED: Position 4 of story:storm/);
    expect(exitCodeOf(report({ incomparable, cut: fault({ code: 'log-ends-early' }) }))).toBe(1);
  });

  test('tables of another version, or none, are not compared, and the reason says what to do', () => {
    expect(whyIncomparable({ name: 'build_1_ab', made: 'build_1' }, 'build_1')).toBeUndefined();
    expect(whyIncomparable(undefined, 'build_1')).toMatch(/start the projector/);
    const incomparable = whyIncomparable({ name: 'build_2_cd', made: 'build_2' }, 'build_1');
    expect(incomparable).toMatch(
      /^Readers read build_2_cd, .* \(build_1\)\. Run the verify of the version that made it/,
    );
    const unread = report({ incomparable, at: undefined, compared: undefined });
    expect([exitCodeOf(unread), unread.compared]).toEqual([2, null]);
    expect(lines(unread)).toContain(`NOT CHECKED: ${incomparable}`);
  });

  test('long values are cut in the text for people, and whole in JSON', () => {
    const row = { ...fault({}).row!, live: 'é'.repeat(5_000) };
    const found = report(differing(fault({ row })));
    expect(lines(found).every(line => line.length < 400)).toBe(true);
    expect(found.first!.row!.live).toHaveLength(5_000);
  });
});

describe('the pace of verify', () => {
  test('the pace is a rate, and how many seconds the rest takes at that rate', () => {
    expect(pace(500, 2_000, 2)).toEqual({ rate: 250, left: 6 });
    expect(pace(0, 2_000, 0)).toEqual({ rate: 0, left: 0 });
    expect(pace(10, 10, 4)).toEqual({ rate: 3, left: 0 });
  });
});
