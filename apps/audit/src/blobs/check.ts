import { BlobError, type BlobStore } from '#blobs';
import type { NamedFile } from './named.js';

/** Every way in which a file that a log names can be wrong. A code never changes. */
export const fileFaults = {
  'file-missing': 'The blob store lacks a file that the log names.',
  'file-differs': 'The bytes of a file in the blob store do not have the hash that the log names.',
} as const;
/** The code of a fault of a file. */
export type FileFaultCode = keyof typeof fileFaults;

/** A file that is missing or damaged. */
export interface WrongFile extends NamedFile {
  readonly code: FileFaultCode;
}

/** How many files are read at once. */
export const filesAtOnce = 8;

interface How {
  readonly signal: AbortSignal;
  /** Called with how many were read. */
  readonly onFiles: (done: number) => void;
}

/** What was found of the files that a log names. */
export interface FilesChecked {
  readonly checked: number;
  /** In the order in which they were given. */
  readonly wrong: readonly WrongFile[];
}

/**
 * Reads every file whole and compares it with its name. Opens none of them, so it needs no key. Rejects with `blobs-unreachable` of a
 * BlobError, or with the signal's reason.
 */
export async function checkFiles(
  files: Iterable<NamedFile>,
  store: Pick<BlobStore, 'get' | 'stat'>,
  { signal, onFiles }: How,
): Promise<FilesChecked> {
  const wrong: WrongFile[] = [];
  let checked = 0;
  for (const together of inGroups(files, filesAtOnce)) {
    signal.throwIfAborted();
    const codes = await Promise.all(together.map(({ name }) => faultOf(store, name)));
    for (const [at, code] of codes.entries()) if (code) wrong.push({ ...together[at]!, code });
    onFiles((checked += together.length));
  }
  return { checked, wrong };
}

/** Undefined if the store has the file, and its bytes have the hash that is its name. */
export async function faultOf(
  store: Pick<BlobStore, 'get' | 'stat'>,
  name: string,
): Promise<FileFaultCode | undefined> {
  try {
    // The store compares the bytes while they are read.
    for await (const chunk of store.get(name)) void chunk;
    return undefined;
  } catch (error) {
    return faultBy(error, store, name);
  }
}

/** The fault of a file, by the error of reading it. Throws the error again if it says something else. */
export async function faultBy(error: unknown, store: Pick<BlobStore, 'stat'>, name: string): Promise<FileFaultCode> {
  if (!(error instanceof BlobError)) throw error;
  if (error.code === 'blob-differs') return 'file-differs';
  if (error.code !== 'blob-missing') throw error;
  // Rejects if all of the store is gone: that must not look like lost files.
  await store.stat(name);
  return 'file-missing';
}

/** The same, in groups of `size`. */
export function* inGroups<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const each of all) {
    group.push(each);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
