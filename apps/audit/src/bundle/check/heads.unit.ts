import { leafHash, MerkleTree, type SignedHead } from '#bundle';
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBundle } from './check.js';
import { checkLines, checkReportOf, exitCodeOf } from './report.js';

const kept = 'test/bundles/format-1';
const signer = readFileSync(join(kept, 'fingerprint'), 'utf8').trim();
const lines = readFileSync(join(kept, 'whole', 'commits.jsonl'), 'utf8')
  .trimEnd()
  .split('\n');
const manifestOf = (bundle: string) => JSON.parse(readFileSync(join(kept, bundle, 'manifest.json'), 'utf8'));
const { log } = manifestOf('whole');
const made = { whole: manifestOf('whole').created, story: manifestOf('story').created };
/** So many milliseconds before the bundle was made. */
const before = (of: keyof typeof made, ms: number) => new Date(Date.parse(made[of]) - ms).toISOString();
const [earlier, later] = ['2026-01-01T00:00:00.000Z', '2026-12-31T00:00:00.000Z'];

function rootAt(position: number): string {
  const tree = new MerkleTree();
  for (const line of lines.slice(0, position)) tree.append(leafHash(line));
  return tree.root();
}
/** A head of the bundles' log. Beyond its 44 commits it has the last root. */
const head = (position: number, more: Partial<SignedHead> = {}): SignedHead => ({
  log: log.id,
  position,
  root: rootAt(position),
  time: earlier,
  fingerprint: signer,
  dev: false,
  ...more,
});

async function check(bundle: 'whole' | 'story', ...heads: SignedHead[]) {
  const given = { heads, strange: [], unchecked: [] };
  const it = { folder: join(kept, bundle), expected: [signer], heads: given, keys: { lost: new Set<string>() } };
  const checked = await checkBundle({ ...it, onProgress: () => undefined }, new AbortController().signal);
  const report = checkReportOf(checked, { bundle, seconds: 1, given });
  return { ...report, code: exitCodeOf(report), text: checkLines(report).join('\n') };
}
const elsewhere = { log: 'a'.repeat(64) };

describe('checking a bundle with signed heads', () => {
  test('heads that were signed after the bundle was made are counted, and are no fault', async () => {
    const report = await check('whole', head(20), head(45, { time: later }), head(46, { time: later }));
    expect(report).toMatchObject({ code: 0, whole: true, heads: { compared: 1, later: 2 } });
    expect(report.text).toMatch(/^ {2}heads {5}1 compared, 2 signed after this bundle was made$/m);
    const alone = await check('whole', head(45, { time: later }));
    expect(alone).toMatchObject({
      code: 2,
      whole: false,
      unchecked: [expect.stringMatching(/all are of positions beyond the end/)],
    });
  });

  test.each(['whole', 'story'] as const)(
    'a head beyond the end that was signed long before is a cut tail: %s',
    async of => {
      for (const time of [earlier, before(of, 3_600_001)])
        expect(await check(of, head(44), head(45, { time }))).toMatchObject({ code: 1, first: { code: 'tail-cut' } });
    },
  );

  test.each(['whole', 'story'] as const)(
    'a head beyond the end that was signed shortly before is unclear: %s',
    async of => {
      for (const time of [made[of], before(of, 1_000), before(of, 3_600_000)])
        expect(await check(of, head(44), head(45, { time }))).toMatchObject({
          code: 2,
          whole: false,
          first: null,
          heads: { compared: 1, later: 0 },
          unchecked: [expect.stringMatching(/^1 heads of positions beyond the end .* in the hour before/)],
        });
    },
  );

  test.each(['whole', 'story'] as const)('two heads of any position contradict each other: %s', async of => {
    for (const [position, time] of [
      [50, later],
      [20, earlier],
    ] as const) {
      const [one, other] = ['b', 'c'].map(hex => head(position, { root: hex.repeat(64), time }));
      const { code, found } = await check(of, head(44), one!, head(position, { ...elsewhere, time }), other!, one!);
      const contradicting = found.filter(fault => fault.code === 'heads-contradict');
      expect([code, contradicting]).toMatchObject([1, [{ head: { position } }]]);
    }
  });

  test('the first 20 faults are reported, and all are counted', async () => {
    const heads = Array.from({ length: 30 }, (_, i) => head(i + 1, elsewhere));
    const { code, faults, found, text } = await check('whole', ...heads);
    expect([code, faults, found.length]).toEqual([1, 30, 20]);
    expect(text).toMatch(/^and 10 more$/m);
  });

  test('the bundle of a story is not whole if no head was compared', async () => {
    expect(await check('story', head(20), head(44))).toMatchObject({ code: 0, heads: { compared: 1, later: 0 } });
    for (const heads of [[head(20)], [head(20), head(45, { time: later })]])
      expect(await check('story', ...heads)).toMatchObject({
        code: 2,
        first: null,
        unchecked: [expect.stringMatching(/only with a head of position 44/)],
      });
  });

  test.each(['whole', 'story'] as const)('a head of another log is reported at every position: %s', async of => {
    for (const position of [20, 44, 45])
      for (const time of [earlier, later])
        expect(await check(of, head(44), head(position, { ...elsewhere, time }))).toMatchObject({
          code: 1,
          faults: 1,
          first: { code: 'head-of-other-log' },
        });
  });

  test('a head with another root is reported in the bundle of a story too', async () => {
    const wrong = head(44, { root: 'b'.repeat(64) });
    for (const bundle of ['whole', 'story'] as const)
      expect(await check(bundle, wrong)).toMatchObject({ code: 1, first: { code: 'past-rewritten' } });
  });
});
