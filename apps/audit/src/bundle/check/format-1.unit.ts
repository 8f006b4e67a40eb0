import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { id, secrets, story } from '../../newsroom.fixture.js';
import type { KeySource } from '../key-source.js';
import { checkBundle, type Checking } from './check.js';
import { checkLines, checkReportOf, exitCodeOf } from './report.js';

// Written by commit 3be572a: one development was taken down, and the key store lacked the key of another.
const kept = 'test/bundles/format-1';
const signer = readFileSync(join(kept, 'fingerprint'), 'utf8').trim();
const check = async (bundle: string, keys: Checking['keys'] = { lost: new Set() }) => {
  const it = { folder: join(kept, bundle), expected: [signer], keys, onProgress: () => undefined };
  return checkReportOf(await checkBundle(it, new AbortController().signal), { bundle, seconds: 1, given: undefined });
};

describe('checking a bundle of format 1', () => {
  test.each([['whole', { all: true }] as const, ['story', { story }] as const])(
    'a bundle of a %s has no faults, and the report says what the format cannot prove',
    async (bundle, scope) => {
      const report = await check(bundle);
      expect(report).toMatchObject({
        whole: true,
        scope,
        counts: { commits: 44, streams: 4, keys: 29 },
        keys: { held: 29, exported: 29, untold: 1, missing: [] },
        unproven: [expect.stringMatching(/does not distinguish destroyed keys .* affects 1 developments/)],
      });
      expect(exitCodeOf(report)).toBe(0);
      expect(checkLines(report).join('\n')).toMatch(/NOT PROVEN: This bundle has the format dateline-bundle\/1/);
    },
  );

  test('a missing key is a fault, unless the key store has it or a person lists it as lost', async () => {
    const none: KeySource = async () => new Map();
    const has: KeySource = async ids => new Map([...ids].map(each => [each, { secret: secrets.get(each) }]));
    const lost = new Set<string>();
    const found = { whole: false, faults: 1, first: { code: 'missing-key', detail: `Development ${id(9)}.` } };
    expect(await check('whole', { lost, store: none })).toMatchObject(found);
    expect(await check('whole', { lost, store: has })).toMatchObject({ whole: true, keys: { elsewhere: 1 } });
    const listed = await check('whole', { lost: new Set([id(9)]), store: none });
    expect(listed).toMatchObject({ whole: true, keys: { gone: 1 } });
  });
});
