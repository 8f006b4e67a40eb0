import type { Manifest } from '#bundle';
import { decisions, type KeptPicture } from '#domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesOf, StoredFiles } from '../../apps/audit/src/blobs/stored.fixture.js';
import { Bundled } from '../../apps/audit/src/bundle/bundled.fixture.js';
import type { KeySource } from '../../apps/audit/src/bundle/key-source.js';
import { id, said, secrets, story, withContent, writing } from '../../apps/audit/src/newsroom.fixture.js';
import { describeWithPython, python } from './python.js';

const visible = [{ first: 1, last: 42, at: '2026-01-01T13:00:00.000Z' }];
const destroyed = id(7);
const keys: KeySource = async ids =>
  new Map(
    [...ids].map(each => [
      each,
      each === destroyed ? { destroyed: '2026-01-01T13:00:00.000Z' } : { secret: secrets.get(each) },
    ]),
  );

let it: Bundled;
beforeAll(async () => (it = await Bundled.of(writing().records, visible)));
afterAll(() => it?.close());

describeWithPython('the independent check in Python', () => {
  test.each([
    ['the whole log', { all: true }, keys],
    ['a story', { story }, keys],
    ['the whole log without keys', { all: true }, undefined],
  ] as const)('the program accepts a new bundle of %s', async (_, scope, source) => {
    const bundle = await it.export(scope, source ? { keys: source } : {});
    expect(python(bundle, '--key', it.key.kid)).toEqual({ code: 0, out: expect.stringContaining('WHOLE; 0 commits') });
  });

  test('the program finds false claims that the genuine key signed', async () => {
    const bundle = await it.export({ story }, { keys });
    const lies: ((manifest: Manifest) => object)[] = [
      manifest => ({ ...manifest, heads: undefined }),
      manifest => ({ ...manifest, scope: { story: 'another' } }),
      manifest => ({ ...manifest, tree: { ...manifest.tree, root: '0'.repeat(64) } }),
      manifest => ({ ...manifest, counts: { ...manifest.counts, keys: 1 } }),
      manifest => ({ ...manifest, counts: { ...manifest.counts, streams: 1 } }),
      manifest => ({ ...manifest, log: { ...manifest.log, name: 'urn:dateline:other' } }),
    ];
    for (const manifest of lies) expect(python(await it.forged(bundle, { manifest })).code).toBe(1);
    expect(python(await it.forged(bundle, {})).code).toBe(0);
  });

  test('the program checks the files of pictures by their names', async () => {
    const files = await StoredFiles.open();
    const [shown, down] = [await files.picture(), await files.picture()];
    const showing = (number: number, picture: KeptPicture) =>
      decisions.recordDevelopment(withContent(number, said('A crane.', { media: [{ alt: 'A crane', picture }] })));
    const log = writing().decide(decisions.reopenStory({})).decide(showing(50, shown)).decide(showing(51, down));
    const other = await Bundled.of(log.takeDown(id(51)).records, visible);
    const bundle = await other.export({ all: true }, { keys, blobs: files.sealed });
    expect(python(bundle, '--key', other.key.kid)).toEqual({ code: 0, out: expect.stringContaining('WHOLE') });
    const [name] = namesOf(shown);
    const path = join(bundle, 'blobs', name!.slice(0, 2), name!);
    const bytes = await readFile(path);
    await writeFile(
      path,
      bytes.map(byte => byte ^ 1),
    );
    expect(python(bundle)).toEqual({ code: 1, out: `the file is another: ${name}\n` });
    await rm(path);
    expect(python(bundle)).toEqual({ code: 1, out: `the file is gone: ${name}\n` });
    await writeFile(path, bytes);
    const shorter = await other.forged(bundle, { files: { 'blobs.jsonl': lines => lines.slice(1) } }, other.key);
    expect(python(shorter)).toEqual({ code: 1, out: expect.stringContaining('does not list the files') });
    await Promise.all([other.close(), files.close()]);
  });

  test('the program counts a commit whose id does not match its bytes, and accepts the bundle', async () => {
    const log = writing();
    const [genesis, last] = [log.records[0]!, log.records.at(-1)!];
    const headers = { ...last.headers, ce_subject: 'story:strange', ce_parent: genesis.id, ce_id: 'a'.repeat(64) };
    const other = await Bundled.of([...log.records, { ...last, headers, value: Buffer.of(0xff) }], visible);
    const bundle = await other.export({ all: true }, { keys });
    expect(python(bundle)).toEqual({ code: 0, out: expect.stringContaining('WHOLE; 1 commits') });
    await other.close();
  });
});
