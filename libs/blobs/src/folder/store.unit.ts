import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mostListed } from '../port.js';
import { openBlobStore, prepareBlobStore } from '../store.js';
import { blobStoreContract, nameOf, read, type BlobsUnderTest } from '../testing/contract.js';

const settingsOf = (path: string) => ({ BLOB_STORE: pathToFileURL(path).href });

async function folder(): Promise<BlobsUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'dateline-blobs-'));
  const path = join(home, 'blobs');
  await prepareBlobStore(settingsOf(path));
  const fileOf = (name: string) => join(path, 'sealed', name.slice(0, 2), name);
  return {
    open: (area = 'sealed') => openBlobStore(settingsOf(path), area),
    spoil: (name, bytes) => writeFile(fileOf(name), bytes),
    intrude: async name => {
      await mkdir(join(path, 'sealed', 'aa'), { recursive: true });
      for (const file of [name, join('aa', name)]) await writeFile(join(path, 'sealed', file), '');
    },
    everything: async () => Buffer.concat(await Promise.all((await filesIn(path)).map(file => readFile(file)))),
    // A file in the folder's place: every access fails, with an error other than "not found".
    takeAway: async () => {
      await rename(path, `${path}-away`);
      await writeFile(path, '');
    },
    close: () => rm(home, { recursive: true }),
  };
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

describe('a blob store in a folder', () => {
  blobStoreContract(folder);
});

describe('the folder', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'dateline-blobs-')), 'blobs');
    await prepareBlobStore(settingsOf(path));
  });
  afterEach(() => rm(join(path, '..'), { recursive: true }));
  const open = () => openBlobStore(settingsOf(path), 'sealed');
  const bytes = Buffer.from('a blob');

  test('holds one file for each blob, which other users of the machine cannot read, and no temporary files', async () => {
    await open().put(nameOf(bytes), bytes.length, once(bytes));
    const files = await filesIn(path);
    expect(files).toEqual([join(path, 'sealed', nameOf(bytes).slice(0, 2), nameOf(bytes))]);
    expect((await stat(files[0]!)).mode & 0o007).toBe(0);
    expect((await stat(path)).mode & 0o007).toBe(0);
  });

  test('is refused if other users can open it, with an error that names the chmod command', async () => {
    for (const mode of [0o755, 0o704, 0o701]) {
      await chmod(path, mode);
      const exposed = { code: 'blobs-exposed', message: expect.stringContaining(`chmod o= ${path}`) };
      await expect(prepareBlobStore(settingsOf(path))).rejects.toMatchObject(exposed);
    }
  });

  test('an unmounted volume looks neither empty nor writable', async () => {
    await rename(path, `${path}-away`);
    const away = { code: 'blobs-unreachable' };
    for (const left of ['nothing', 'an empty folder']) {
      if (left !== 'nothing') await mkdir(path);
      await expect(open().put(nameOf(bytes), bytes.length, once(bytes))).rejects.toMatchObject(away);
      await expect(open().stat(nameOf(bytes))).rejects.toMatchObject(away);
      await expect(open().delete(nameOf(bytes))).rejects.toMatchObject(away);
      await expect(open().list()).rejects.toMatchObject(away);
    }
  });

  test('a symbolic link in it is not read', async () => {
    const outside = join(path, '..', 'outside');
    await writeFile(outside, bytes);
    await mkdir(join(path, 'sealed', nameOf(bytes).slice(0, 2)));
    await symlink(outside, join(path, 'sealed', nameOf(bytes).slice(0, 2), nameOf(bytes)));
    await expect(read(open().get(nameOf(bytes)))).rejects.toMatchObject({ code: 'blobs-unreachable' });
  });

  test('a page leaves out a file that was deleted while it was read, and no other', async () => {
    const names = Array.from({ length: mostListed + 1 }, (_, n) => `aa${String(n).padStart(62, '0')}`);
    names.push(`ab${'0'.repeat(62)}`);
    for (const shelf of ['aa', 'ab']) await mkdir(join(path, 'sealed', shelf));
    const fileOf = (name: string) => join(path, 'sealed', name.slice(0, 2), name);
    // What a link to nothing names looks as a file that is deleted between the two looks.
    await symlink(join(path, 'nothing'), fileOf(names[0]!));
    await Promise.all(names.slice(1).map(name => writeFile(fileOf(name), '')));
    const first = await open().list();
    expect(first.next).toBe(names[mostListed - 1]);
    const last = await open().list({ after: first.next! });
    expect([...first.blobs, ...last.blobs].map(({ name }) => name)).toEqual(names.slice(1));
    expect(last.next).toBeUndefined();
  });

  test('half-written files are deleted at the next start once they are a day old', async () => {
    const [old, recent] = ['old', 'recent'].map(name => join(path, 'sealed', 'drafts', name));
    for (const file of [old!, recent!]) await writeFile(file, 'half');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(old!, yesterday, yesterday);
    await prepareBlobStore(settingsOf(path));
    expect(await filesIn(path)).toEqual([recent]);
  });
});
