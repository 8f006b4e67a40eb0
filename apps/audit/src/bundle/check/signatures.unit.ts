import { commitLine } from '#bundle';
import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writing } from '../../newsroom.fixture.js';
import { checkBundle } from './check.js';
import { checkReportOf, exitCodeOf } from './report.js';
import { checkSignatures } from './signatures.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
const kept = 'test/bundles/format-1';

test('a commit that must be signed and that cannot be read was not checked', async () => {
  const [opening] = new Writing().records;
  const headers = { ce_id: 'a'.repeat(64), ce_subject: 'story:x', ce_parent: opening!.id };
  const lines = [
    commitLine({ ...opening!, position: 1 }),
    commitLine({ headers, value: Buffer.alloc(0), position: 2 }),
  ];
  writeFileSync(join(folder, 'commits.jsonl'), lines.map(line => `${line}\n`).join(''));
  const expected = [readFileSync(join(kept, 'fingerprint'), 'utf8').trim()];
  const it = { folder: join(kept, 'whole'), expected, keys: { lost: new Set<string>() }, onProgress: () => undefined };
  const checked = await checkBundle(it, never);
  const reportFrom = async (from: number | undefined) => {
    const authors = await checkSignatures(folder, { from }, never);
    return checkReportOf(checked, { bundle: folder, seconds: 1, given: undefined, authors });
  };
  const report = await reportFrom(2);
  expect(report.unchecked).toEqual([expect.stringMatching(/cannot read 1 commits from position 2 on/)]);
  expect([report.first, exitCodeOf(report)]).toEqual([null, 2]);
  for (const from of [3, undefined]) expect((await reportFrom(from)).unchecked).toEqual([]);
});
