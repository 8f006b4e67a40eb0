import { BlobLine, type FileEntry } from '#bundle';
import type { BlobStore } from '#blobs';
import { canonicalJson } from '#domain';
import { createWriteStream } from 'node:fs';
import { mkdir, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { faultBy, filesAtOnce, inGroups } from '../blobs/check.js';
import type { NamedFile } from '../blobs/named.js';
import { LinesFile, mostOthers, syncFolder } from './files.js';

/** The signed list of a bundle's files of pictures, and the folder that holds them. Both are absent if there are none. */
export const blobsFile = 'blobs.jsonl';
export const blobsFolder = 'blobs';

const shelfOf = (name: string) => join(blobsFolder, name.slice(0, 2));
/** The path of a file within its bundle. */
export const blobPath = (name: string): string => join(shelfOf(name), name);

/** A file that the store lacked at the export, or had with other bytes. */
export interface LostBlob extends NamedFile {
  readonly lost: 'missing' | 'damaged';
}

/** The files of a new bundle. */
export interface BlobsExported {
  readonly list: FileEntry;
  readonly carried: number;
  readonly lost: readonly LostBlob[];
}

/** Copies the files into a bundle, each whole and as its name says, and lists them by name. Rejects with `blobs-unreachable` of a BlobError. */
export async function exportBlobs(
  draft: string,
  files: readonly NamedFile[],
  store: Pick<BlobStore, 'get' | 'stat'>,
  { signal, onFiles }: { readonly signal: AbortSignal; readonly onFiles: (done: number) => void },
): Promise<BlobsExported> {
  const list = await LinesFile.create(draft, blobsFile);
  const lost: LostBlob[] = [];
  const shelves = new Set<string>();
  let done = 0;
  await mkdir(join(draft, blobsFolder));
  for (const together of inGroups(files.toSorted(byName), filesAtOnce)) {
    signal.throwIfAborted();
    for (const { name } of together) shelves.add(shelfOf(name));
    const lines = await Promise.all(together.map(({ name }) => copied(store, name, draft)));
    for (const [at, line] of lines.entries()) {
      await list.write(canonicalJson(line));
      if ('lost' in line) lost.push({ ...together[at]!, lost: line.lost });
    }
    onFiles((done += together.length));
  }
  for (const shelf of [...shelves, blobsFolder]) await syncFolder(join(draft, shelf));
  return { list: await list.end(), carried: done - lost.length, lost };
}

const byName = (a: NamedFile, b: NamedFile) => (a.name < b.name ? -1 : 1);

async function copied(store: Pick<BlobStore, 'get' | 'stat'>, name: string, draft: string): Promise<BlobLine> {
  const path = join(draft, blobPath(name));
  await mkdir(join(draft, shelfOf(name)), { recursive: true });
  try {
    // The store compares the bytes with the name before it passes the last of them on.
    await pipeline(store.get(name), createWriteStream(path, { flags: 'wx', flush: true }));
  } catch (error) {
    await rm(path, { force: true });
    return { lost: (await faultBy(error, store, name)) === 'file-missing' ? 'missing' : 'damaged', name };
  }
  return { bytes: (await stat(path)).size, name };
}

/** Paths in the folder of files that the list does not have: the first of them, and whether there are more. */
export async function strayBlobs(
  folder: string,
  listed: ReadonlySet<string>,
): Promise<{ names: string[]; more: boolean }> {
  const names: string[] = [];
  for await (const path of pathsIn(folder)) {
    if (listed.has(path)) continue;
    if (names.length === mostOthers) return { names, more: true };
    names.push(path);
  }
  return { names, more: false };
}

/** Every name in the folder of files, and in its folders of two digits. */
async function* pathsIn(folder: string): AsyncGenerator<string> {
  const shelves = await opendir(join(folder, blobsFolder)).catch(absent);
  if (!shelves) return;
  for await (const shelf of shelves) {
    const path = join(blobsFolder, shelf.name);
    if (!shelf.isDirectory()) yield path;
    else for await (const { name } of await opendir(join(folder, path))) yield join(path, name);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
