import { generateSigningKey, manifestText, signerOf, signManifest, type Manifest } from '#bundle';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBundle } from './check.js';

const folder = join(mkdtempSync(join(tmpdir(), 'dateline-test-')), 'bundle');
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));
let kid = '';
beforeAll(async () => {
  cpSync('test/bundles/format-1/whole', folder, { recursive: true });
  const before: Manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const signer = await signerOf(await generateSigningKey({ dev: false }));
  kid = signer.kid;
  const again = Array<Manifest['files'][number]>(1_000).fill(before.files[0]!);
  const text = manifestText({ ...before, kid, files: [...before.files, ...again] });
  writeFileSync(join(folder, 'manifest.json'), text);
  writeFileSync(join(folder, 'manifest.jws'), `${await signManifest(signer, text)}\n`);
});

/** Checks the bundle. Returns the faults, and the files that were read before the commits. */
async function check(onRead: () => void = () => undefined, { signal } = new AbortController()) {
  const read: string[] = [];
  const onProgress = (_: number, __: number, doing: string) => {
    if (!doing.startsWith('reading ')) return;
    read.push(doing);
    onRead();
  };
  const it = { folder, expected: [kid], keys: { lost: new Set<string>() }, onProgress };
  const faults = await checkBundle(it, signal).then(
    ({ faults: { count, kept } }) => ({ count, first: kept[0] }),
    (error: Error) => error,
  );
  return { faults, read };
}

test('a file that a manifest lists many times is read once', async () => {
  const { faults, read } = await check();
  expect(read.filter(doing => doing === 'reading commits.jsonl')).toHaveLength(1);
  expect(faults).toMatchObject({
    count: 1_000,
    first: { code: 'wrong-claim', detail: 'files lists commits.jsonl twice.' },
  });
});

test('a check can be interrupted before it has read all files', async () => {
  const stopping = new AbortController();
  const { faults, read } = await check(() => stopping.abort(new Error('Stopped.')), stopping);
  expect([faults, read]).toEqual([new Error('Stopped.'), ['reading commits.jsonl']]);
});
