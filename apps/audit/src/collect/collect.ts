import type { BlobStore } from '#blobs';
import type { KeyStore } from '#keys';
import { mostSkewMs, waitsForEventMs } from '#media';
import { tryLock, whileHeld, type Pool } from '#postgres';
import type { LogReader } from '#event-log';
import { restoreLock } from '../bundle/restore/log-state.js';
import { CollectionRefused } from './refused.js';
import { ReadLog } from './read-log.js';
import { clockOf } from './store-clock.js';
import { sweep, type Counts } from './sweep.js';

/** The inputs of a collection. */
export interface Collecting {
  readonly topic: string;
  readonly reader: LogReader;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly keys: Pick<KeyStore, 'keysOf'>;
  /** The sealed part of the blob store. */
  readonly blobs: BlobStore;
  readonly now: () => Date;
  /** False to count only. */
  readonly isDeleting: boolean;
  /** The most files without a name that a person expects. Default: as many as commits name in this store. */
  readonly most?: number | undefined;
  /** Called with how much is done, of how much, and the current step. */
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The result of a collection. */
export interface Collected extends Counts {
  /** Whether the files were deleted, or only counted. */
  readonly isDeleted: boolean;
  /** The position of the last commit that was read. */
  readonly position: number;
  /** Files that were put before this instant of the store's clock (ISO 8601, UTC) were looked at; newer ones stay. */
  readonly olderThan: string;
}

/**
 * Deletes sealed files that no commit names, and those whose keys a takedown destroyed, if they were put more than a day ago: by then no
 * ticket holds that an act could show them with. It deletes a file only after it has read the log to an end that came later than the file
 * was seen. Rejects with CollectionRefused, a LogError, a BlobError or a KeyStoreError.
 */
export async function collect(it: Collecting, signal: AbortSignal): Promise<Collected> {
  const lock = await tryLock(it.databaseUrl, restoreLock(it.topic));
  if (!lock)
    throw new CollectionRefused('A restore into this log, or another collection, is running. Wait until it ends.');
  const broken = new CollectionRefused('The connection to Postgres broke. Run it again.');
  return whileHeld([lock], broken, signal, held => collectAlone(it, held));
}

async function collectAlone(it: Collecting, signal: AbortSignal): Promise<Collected> {
  const log = new ReadLog(it, signal);
  try {
    const olderThan = new Date((await storeTime(it)).getTime() - waitsForEventMs);
    await log.readOn();
    const counting = (gone: number) => it.onProgress(gone, gone, 'counting');
    const counted = await sweep(it.blobs, log, { olderThan, most: undefined, signal, onGone: counting });
    checkCounts(counted, log.living.size, it);
    const all = counted.unnamed + counted.takenDown;
    const deleting = (gone: number) => it.onProgress(gone, Math.max(gone, all), 'deleting');
    const counts = it.isDeleting
      ? await sweep(it.blobs, log, { olderThan, most: counted.unnamed, signal, onGone: deleting })
      : counted;
    return { isDeleted: it.isDeleting, position: log.position, olderThan: olderThan.toISOString(), ...counts };
  } finally {
    await log.close();
  }
}

/** The time by the store's clock, by which files have their age. Refuses a clock that is far from ours, which the tickets' is like. */
async function storeTime({ blobs, now }: Collecting): Promise<Date> {
  const time = await clockOf(blobs);
  const skew = Math.abs(time.getTime() - now().getTime());
  if (skew > mostSkewMs)
    throw new CollectionRefused(
      `The clocks of the blob store and of this machine differ by ${Math.round(skew / 1000)} seconds. Correct them.`,
    );
  return time;
}

/** The files of another newsroom look like files without a name, so those that are named must be there, and be more. */
function checkCounts(
  { kept, unnamed, takenDown }: Counts,
  named: number,
  { isDeleting, most }: Pick<Collecting, 'isDeleting' | 'most'>,
): void {
  if (kept === 0 && named > 0 && unnamed + takenDown > 0)
    throw new CollectionRefused(
      `The log names ${named} files, and the blob store has none of them that is older than a day. Check BLOB_STORE; if it names the right store, restore its files first.`,
    );
  if (isDeleting && unnamed > (most ?? kept))
    throw new CollectionRefused(
      `No commit names ${unnamed} files, and commits name ${kept}. Check that BLOB_STORE belongs to this newsroom alone. If it does, add --most ${unnamed}.`,
    );
}
