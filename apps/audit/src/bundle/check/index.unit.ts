import {
  generateSigningKey,
  HeadWatch,
  IndexLine,
  manifestText,
  MerkleTree,
  signerOf,
  signManifest,
  type Manifest,
} from '#bundle';
import { sha256 } from '#domain';
import { afterAll, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBundle } from './check.js';
import { checkCommits } from './commits.js';
import { Faults } from './faults.js';
import { readIndex } from './expected.js';

const kept = 'test/bundles/format-1';
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const manifestIn = (bundle: string): Manifest => JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));

/** Exchanges lines 2 and 3 of a bundle's index and signs the bundle, with the root of these lines and a false count. */
async function forged(of: 'whole' | 'story') {
  const [copy, signer] = [join(folder, of), await signerOf(await generateSigningKey({ dev: false }))];
  cpSync(join(kept, of), copy, { recursive: true });
  const [first, second, third, ...others] = readFileSync(join(copy, 'index.jsonl'), 'utf8').trimEnd().split('\n');
  const lines = [first!, third!, second!, ...others];
  const text = lines.map(line => `${line}\n`).join('');
  writeFileSync(join(copy, 'index.jsonl'), text);
  const tree = new MerkleTree();
  for (const line of lines) tree.append(Buffer.from(IndexLine.parse(JSON.parse(line)).leaf, 'hex'));
  const before = manifestIn(copy);
  const manifest = {
    ...before,
    kid: signer.kid,
    ...(of === 'whole' && { tree: { size: tree.size, root: tree.root() } }),
    counts: { ...before.counts, streams: 999 },
    files: before.files.map(file => (file.name === 'index.jsonl' ? { ...file, sha256: sha256(text) } : file)),
  };
  writeFileSync(join(copy, 'manifest.json'), manifestText(manifest));
  writeFileSync(join(copy, 'manifest.jws'), `${await signManifest(signer, manifestText(manifest))}\n`);
  return { folder: copy, expected: [signer.kid], keys: { lost: new Set<string>() }, onProgress: () => undefined };
}

test.each(['whole', 'story'] as const)('the check finds exchanged lines of the signed index: %s', async of => {
  const { faults } = await checkBundle(await forged(of), never);
  const detail = 'Position 2 comes after position 3.';
  expect(faults.kept).toMatchObject([{ code: 'wrong-index', file: 'index.jsonl', line: 3, position: 2, detail }]);
});

test('commits that are not at their places in the index are a fault, even if the index was found good', async () => {
  const bundle = join(kept, 'story');
  const [manifest, faults] = [manifestIn(bundle), new Faults()];
  const index = (await readIndex(bundle, manifest, faults))!;
  const moved = new Map([...index.at].map(([at, due]) => [at, at === 2 || at === 3 ? { ...due, line: 5 - at } : due]));
  const walk = { folder: bundle, manifest, raw: new Map(), watch: new HeadWatch([]), onLine: () => undefined };
  const walked = await checkCommits({ ...walk, expected: { ...index, at: moved } }, faults, never);
  expect([walked.straight, faults.kept]).toMatchObject([false, [{ code: 'wrong-index' }]]);
});
