import { BlobError } from '#blobs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { checkFiles, filesAtOnce } from './check.js';
import type { NamedFile } from './named.js';
import { StoredFiles } from './stored.fixture.js';

let it: StoredFiles;
beforeEach(async () => void (it = await StoredFiles.open()));
afterEach(() => it.close());

const how = { signal: new AbortController().signal, onFiles: () => undefined };
const by = { development: 'one', stream: 'story:storm', seq: 2, position: 3 };
const stored = async (count: number): Promise<NamedFile[]> =>
  Promise.all(Array.from({ length: count }, async () => ({ ...by, name: (await it.file()).name })));

describe('checking files', () => {
  test('each is read and compared with its name, in their order, whatever fits into one group', async () => {
    const files = await stored(2 * filesAtOnce + 1);
    const done: number[] = [];
    const found = await checkFiles(files, it.sealed, { ...how, onFiles: count => void done.push(count) });
    expect(found).toEqual({ checked: files.length, wrong: [] });
    expect(done).toEqual([filesAtOnce, 2 * filesAtOnce, files.length]);
    await it.damage(files[filesAtOnce]!.name);
    await rm(it.pathOf(files[2]!.name));
    expect((await checkFiles(files, it.sealed, how)).wrong).toEqual([
      { ...files[2], code: 'file-missing' },
      { ...files[filesAtOnce], code: 'file-differs' },
    ]);
  });

  test('a store that is gone is an error, and not a store without files', async () => {
    const files = await stored(1);
    await it.unmount();
    await expect(checkFiles(files, it.sealed, how)).rejects.toBeInstanceOf(BlobError);
  });

  test('it ends when it is interrupted', async () => {
    const interrupted = new AbortController();
    const files = await stored(filesAtOnce + 1);
    const onFiles = () => interrupted.abort();
    await expect(checkFiles(files, it.sealed, { signal: interrupted.signal, onFiles })).rejects.toThrow(/abort/i);
  });
});
