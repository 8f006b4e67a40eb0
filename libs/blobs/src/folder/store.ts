import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checked, isBlobName, type BlobAdapter } from '../checked.js';
import { BlobError, type BlobArea, type BlobPage, type BlobStat, type BlobStore } from '../port.js';

/** Rights of all other users of the machine. A group may share the folder, as on a shared volume. */
const ofOthers = 0o007;
const folderMode = 0o750;
const fileMode = 0o640;
/** How old a half-written file must be before it counts as left by a process that died. */
const abandonedAfterMs = 24 * 3_600_000;

const areas: readonly BlobArea[] = ['sealed', 'public'];

/**
 * Creates the folder if it is missing and deletes half-written files of processes that died. Rejects with `blobs-exposed` if every user
 * of the machine may open it.
 */
export async function prepareFolderOfBlobs(folder: string, now = Date.now()): Promise<void> {
  await mkdir(folder, { recursive: true, mode: folderMode });
  const { mode } = await stat(folder);
  // Windows has no such rights.
  if (process.platform !== 'win32' && mode & ofOthers) throw new BlobError('blobs-exposed', `chmod o= ${folder}`);
  for (const area of areas) {
    const drafts = draftsOf(folder, area);
    await mkdir(drafts, { recursive: true, mode: folderMode });
    for (const name of await readdir(drafts)) {
      const draft = join(drafts, name);
      const since = await stat(draft).catch(absent);
      if (since && since.mtimeMs < now - abandonedAfterMs) await rm(draft, { force: true });
    }
  }
}

const draftsOf = (folder: string, area: BlobArea) => join(folder, area, 'drafts');

/** Stores blobs as files, in folders by the first two digits of their names. Processes share the folder. */
export function folderOfBlobs(folder: string, area: BlobArea): BlobStore {
  const home = join(folder, area);
  const drafts = draftsOf(folder, area);
  const shelfOf = (name: string) => join(home, name.slice(0, 2));
  const fileOf = (name: string) => join(shelfOf(name), name);

  async function put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const draft = join(drafts, randomUUID());
    // Fails if prepareFolderOfBlobs() has not been called, or if the volume is not mounted.
    const handle = await open(draft, 'wx', fileMode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
      await handle.close();
      const first = await mkdir(shelfOf(name), { recursive: true, mode: folderMode });
      if (first !== undefined) await sync(home);
      await rename(draft, fileOf(name));
      await sync(shelfOf(name));
    } finally {
      await handle.close();
      await rm(draft, { force: true });
    }
  }

  async function* get(
    name: string,
    range: { readonly start?: number; readonly end?: number } = {},
  ): AsyncGenerator<Uint8Array> {
    // A symbolic link in the folder is not one of our files.
    const handle = await open(fileOf(name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent);
    if (!handle) throw new BlobError('blob-missing', name);
    try {
      yield* handle.createReadStream({ autoClose: false, ...range }) as AsyncIterable<Uint8Array>;
    } finally {
      await handle.close();
    }
  }

  async function statOf(name: string): Promise<BlobStat | undefined> {
    const found = await stat(fileOf(name)).catch(absent);
    if (found) return { name, size: found.size, put: found.mtime };
    // A folder that is gone must not look like an empty one.
    await stat(drafts);
    return undefined;
  }

  async function list(after: string, most: number): Promise<BlobPage> {
    const shelves = (await readdir(home)).filter(shelf => /^[0-9a-f]{2}$/.test(shelf)).sort();
    const blobs: BlobStat[] = [];
    let left = most;
    for (const shelf of shelves) {
      if (shelf < after.slice(0, 2)) continue;
      const names = (await readdir(join(home, shelf))).filter(name => isBlobName(name) && name > after).sort();
      const looked = names.slice(0, left);
      for (const name of looked) {
        const blob = await statOf(name);
        // Undefined if it was deleted since the folder was read.
        if (blob) blobs.push(blob);
      }
      left -= looked.length;
      if (left === 0) return { blobs, next: looked.at(-1)! };
    }
    return { blobs };
  }

  const adapter: BlobAdapter = {
    put: (name, _size, bytes) => put(name, bytes),
    get,
    slice: (name, start, end) => get(name, { start, end }),
    stat: statOf,
    delete: async name => {
      const gone = await unlink(fileOf(name)).then(() => true, absent);
      if (gone) await sync(shelfOf(name));
      else await stat(drafts);
    },
    list,
    close: async () => undefined,
  };
  return checked(adapter);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

/** Makes a change of the names in a folder durable. Windows opens no folders and needs no such step. */
async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
