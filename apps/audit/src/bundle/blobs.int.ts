import { decisions, type KeptPicture } from '#domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { namesOf, StoredFiles } from '../blobs/stored.fixture.js';
import { id, said, secrets, story, withContent, Writing, writing } from '../newsroom.fixture.js';
import { blobPath } from './blobs.js';
import { Bundled } from './bundled.fixture.js';
import { checkLines, exitCodeOf } from './check/report.js';
import type { KeySource } from './key-source.js';

const visible = [{ first: 1, last: 42, at: '2026-01-01T13:00:00.000Z' }];
const keys: KeySource = async ids => new Map([...ids].map(each => [each, { secret: secrets.get(each) }]));
const showing = (number: number, ...pictures: readonly KeptPicture[]) =>
  withContent(number, said(`No. ${number}`, { media: pictures.map(picture => ({ alt: 'A crane', picture })) }));

let files: StoredFiles;
let [one, two, down]: KeptPicture[] = [];
let it: Bundled;
let whole: string;
let names: string[];
beforeAll(async () => {
  files = await StoredFiles.open();
  [one, two, down] = [await files.picture(), await files.picture(), await files.picture()];
  const log = writing()
    .decide(decisions.reopenStory({}))
    .decide(decisions.recordDevelopment(showing(50, one!)))
    .decide(decisions.recordDevelopment(showing(51, two!)))
    .decide(decisions.recordDevelopment(showing(52, down!)))
    .takeDown(id(52));
  it = await Bundled.of(log.records, visible);
  whole = await it.export({ all: true }, { keys, blobs: files.sealed });
  names = [one!, two!].flatMap(namesOf).sort();
});
afterAll(() => Promise.all([it?.close(), files?.close()]));

async function copyOf(bundle = whole): Promise<string> {
  const copy = join(it.folder, randomUUID());
  await cp(bundle, copy, { recursive: true });
  return copy;
}
const filesIn = async (bundle: string) =>
  (await readdir(join(bundle, 'blobs'), { recursive: true, withFileTypes: true }))
    .flatMap(entry => (entry.isFile() ? [entry.name] : []))
    .sort();

describe('a bundle with files of pictures', () => {
  test.each([
    ['the whole log', { all: true }],
    ['the story', { story }],
  ] as const)('a bundle of %s has each file that the commits name, but for those of a takedown', async (_, scope) => {
    const { folder, manifest, ...exported } = await it.exported(scope, { keys, blobs: files.sealed });
    expect([manifest.format, exported]).toMatchObject(['dateline-bundle/3', { blobs: 4, lostBlobs: [] }]);
    expect(await filesIn(folder)).toEqual(names);
    expect(await readFile(join(folder, 'blobs.jsonl'), 'utf8')).toBe(
      names.map(name => `{"bytes":1000,"name":"${name}"}\n`).join(''),
    );
    const report = await it.check(folder);
    expect(report).toMatchObject({ whole: true, unproven: [], others: { names: [] } });
    expect(report.blobs).toEqual({ isCarried: true, named: 6, held: 4, elsewhere: 0, gone: 0 });
    expect(checkLines(report)).toContain('  files     4 of pictures');
  });

  test('another story’s files are in no bundle of a story', async () => {
    const log = new Writing().register('mayor', 'The mayor');
    for (const name of ['one', 'two'])
      log.append(`story:${name}`, [{ type: 'StoryOpened', data: { title: 'A', zone: 'UTC' } }]);
    log.append('story:two', [{ type: 'DevelopmentRecorded', data: showing(50, one!) }]);
    const other = await Bundled.of(log.records, visible);
    const bundle = await other.export({ story: 'one' }, { blobs: files.sealed });
    expect(await readdir(bundle)).not.toContain('blobs');
    expect(await filesIn(await other.export({ story: 'two' }, { blobs: files.sealed }))).toEqual(namesOf(one!).sort());
    await other.close();
  });

  test('without a store the export is refused; with the files left out the check says so', async () => {
    await expect(it.export({ all: true }, { keys })).rejects.toThrow(
      /name 6 files of pictures, and BLOB_STORE does not/,
    );
    const bundle = await it.export({ all: true }, { keys, blobs: 'left out' });
    const report = await it.check(bundle);
    expect(report).toMatchObject({ whole: true, blobs: { isCarried: false, named: 6 } });
    expect(report.unproven).toEqual([expect.stringMatching(/made without the 6 files of pictures/)]);
    const needed = (lost: readonly string[] = []) =>
      it.check(bundle, { blobs: { areNeeded: true, lost: new Set(lost) } });
    expect(await needed()).toMatchObject({
      faults: 1,
      first: { code: 'missing-blob', detail: 'The bundle was made without the 4 files of pictures.' },
    });
    expect(await needed(names)).toMatchObject({ whole: true });
    expect(await it.check(whole, { blobs: { areNeeded: true } })).toMatchObject({ whole: true });
  });

  test('a file that the store lacks or has damaged is listed as lost, and missed by the check unless a person lists it', async () => {
    const lossy = await StoredFiles.open();
    const [first, second, third, fourth] = names;
    for (const name of [first!, second!, fourth!]) await lossy.sealed.put(name, 1_000, files.sealed.get(name));
    await lossy.damage(second!);
    const { folder, lostBlobs, blobs } = await it.exported({ all: true }, { keys, blobs: lossy.sealed });
    expect(blobs).toBe(2);
    expect(lostBlobs).toMatchObject([
      { name: second, lost: 'damaged', position: expect.any(Number) },
      { name: third, lost: 'missing' },
    ]);
    expect(await filesIn(folder)).toEqual([first, fourth]);
    const report = await it.check(folder);
    expect([report.faults, report.first, exitCodeOf(report)]).toMatchObject([2, { code: 'missing-blob' }, 1]);
    expect(await it.check(folder, { blobs: { lost: new Set([second!, third!]) } })).toMatchObject({
      whole: true,
      blobs: { held: 2, gone: 2 },
    });
    // What is in the store that a restore would fill is not missing.
    expect(await it.check(folder, { blobs: { store: files.sealed } })).toMatchObject({
      whole: true,
      blobs: { held: 2, elsewhere: 2 },
    });
    await lossy.close();
  });
});

describe('a bundle whose files were changed', () => {
  test('a missing and an altered file are found, with their position', async () => {
    const copy = await copyOf();
    const [first] = namesOf(one!);
    await rm(join(copy, blobPath(first!)));
    expect(await it.check(copy)).toMatchObject({
      faults: 1,
      first: {
        code: 'missing-blob',
        file: blobPath(first!),
        detail: `The file ${first}.`,
        position: 44,
        stream: `story:${story}`,
      },
    });
    const [second] = namesOf(two!);
    const bytes = await readFile(join(copy, blobPath(second!)));
    bytes[5]! ^= 1;
    await writeFile(join(copy, blobPath(second!)), bytes);
    expect((await it.check(copy)).found).toContainEqual(
      expect.objectContaining({ code: 'altered-blob', position: 45 }),
    );
    await truncate(join(copy, blobPath(second!)), 10);
    expect((await it.check(copy)).found).toContainEqual(expect.objectContaining({ code: 'altered-blob' }));
  });

  test('the files of a development whose key was removed may be removed too', async () => {
    const copy = await it.changed(whole, 'keys.jsonl', lines => lines.filter(line => !line.includes(id(51))));
    for (const name of namesOf(two!)) await rm(join(copy, blobPath(name)));
    expect(await it.check(copy)).toMatchObject({ whole: false });
    expect(await it.check(copy, { keys: { lost: new Set([id(51)]) } })).toMatchObject({
      whole: true,
      blobs: { held: 2, gone: 2 },
    });
  });

  test('a file that the list does not have is named, wherever it is', async () => {
    const copy = await copyOf();
    const strays = [join('blobs', 'notes.txt'), join('blobs', names[0]!.slice(0, 2), 'stray')];
    for (const stray of strays) await writeFile(join(copy, stray), '');
    const { others, whole: isWhole } = await it.check(copy);
    expect([isWhole, [...others.names].sort()]).toEqual([true, strays.sort()]);
  });

  test('a changed list is found, also if the genuine key signed it', async () => {
    const altered = await it.changed(whole, 'blobs.jsonl', lines => lines.slice(1));
    expect((await it.check(altered)).found.map(fault => 'file' in fault && [fault.code, fault.file])).toContainEqual([
      'unlisted-blob',
      'blobs.jsonl',
    ]);
    const forged = (change: (lines: string[]) => readonly string[]) =>
      it.forged(whole, { files: { 'blobs.jsonl': change } });
    const first = async (bundle: string) => (await it.check(bundle)).first?.code;
    expect(await first(await forged(lines => lines.slice(1)))).toBe('unlisted-blob');
    expect(await first(await forged(lines => [...lines, `{"bytes":1,"name":"${'f'.repeat(64)}"}`]))).toBe('added-blob');
    expect(await first(await forged(lines => lines.toReversed()))).toBe('unreadable-line');
    expect(await first(await forged(lines => lines.with(0, '{"name":"x"}')))).toBe('unreadable-line');
    const older = await it.forged(whole, { manifest: it => ({ ...it, format: 'dateline-bundle/2' }) });
    expect((await it.check(older)).first).toMatchObject({
      code: 'wrong-claim',
      detail: expect.stringContaining('blobs.jsonl'),
    });
  });
});
