import type { BlobStat, BlobStore } from '#blobs';
import { filesAtOnce, inGroups } from '../blobs/check.js';
import { CollectionRefused } from './refused.js';

/** Numbers of files, by the reason why they stay or go. */
export interface Counts {
  /** Files that a commit names and whose picture somebody can still open. */
  readonly kept: number;
  /** Files that no commit names. */
  readonly unnamed: number;
  /** Files that only developments name whose key a takedown destroyed. */
  readonly takenDown: number;
  /** The bytes of `unnamed` and `takenDown`. */
  readonly bytes: number;
}

/** What a log names. */
export interface NamingLog {
  /** Files that a commit names, and whose picture somebody can still open. */
  readonly living: ReadonlySet<string>;
  /** These, and files of developments whose keys takedowns destroyed. */
  readonly named: ReadonlySet<string>;
  /** Reads on to the present end. Rejects if the log does not prove which files are named. */
  readOn(): Promise<void>;
}

type Store = Pick<BlobStore, 'list' | 'stat' | 'delete'>;

interface How {
  /** Files that were put later, by the store's clock, are left out. */
  readonly olderThan: Date;
  /** The most files without a name that it deletes; undefined to count only. */
  readonly most: number | undefined;
  readonly signal: AbortSignal;
  /** Called with the number of files that go, after each page. */
  readonly onGone: (count: number) => void;
}

/**
 * Goes through a store once. With `most` it deletes the files that the log, read to an end that comes after they were seen, does not
 * name, or names only for what was taken down. Rejects with the reason of `readOn` or of the signal, or with a BlobError; the rest stays.
 */
export async function sweep(store: Store, log: NamingLog, { olderThan, most, signal, onGone }: How): Promise<Counts> {
  const isDeleting = most !== undefined;
  const found = { kept: 0, unnamed: 0, takenDown: 0, bytes: 0 };
  for await (const page of pagesOf(store, olderThan)) {
    signal.throwIfAborted();
    // The end of the log must come after the page was seen: a commit may name one of its files by now.
    if (isDeleting && page.length > 0) await log.readOn();
    const others = page.filter(({ name }) => !log.living.has(name));
    found.kept += page.length - others.length;
    for (const together of inGroups(others, filesAtOnce)) {
      signal.throwIfAborted();
      const more = together.filter(({ name }) => !log.named.has(name)).length;
      if (isDeleting && found.unnamed + more > most)
        throw new CollectionRefused(`More files without a name came while this ran; ${found.unnamed} were deleted.`);
      for (const { name, size } of isDeleting ? await deleted(store, together) : together) {
        found[log.named.has(name) ? 'takenDown' : 'unnamed'] += 1;
        found.bytes += size;
      }
    }
    onGone(found.takenDown + found.unnamed);
  }
  return found;
}

async function* pagesOf(store: Store, olderThan: Date): AsyncGenerator<readonly BlobStat[]> {
  let after: string | undefined;
  do {
    const page = await store.list({ olderThan, ...(after !== undefined && { after }) });
    yield page.blobs;
    after = page.next;
  } while (after !== undefined);
}

/** Deletes files, but for those that were put again since they were listed. */
async function deleted(store: Store, files: readonly BlobStat[]): Promise<readonly BlobStat[]> {
  const gone = await Promise.all(
    files.map(async file => {
      const now = await store.stat(file.name);
      if (now?.put.getTime() !== file.put.getTime()) return [];
      await store.delete(file.name);
      return [file];
    }),
  );
  return gone.flat();
}
