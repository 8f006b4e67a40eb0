import { decode, type LogReader } from '#event-log';
import { keyIdsIn, KeyStoreError, open, type Key, type KeyStore } from '#keys';
import { winnersOf, type Winner } from '../bundle/winners.js';

/** The most keys that are named as missing. A store that lacks more is another one. */
export const mostMissing = 10_000;

/** Words in the log whose key no store has. */
export interface Missing {
  readonly key: string;
  /** The first commit with words under it. */
  readonly position: number;
  readonly stream: string;
}

/** The keys that the key store lacked. */
export interface Lacked {
  /** Put back from the other store. */
  readonly found: number;
  /** Noted as lost, because a person said so. */
  readonly givenUp: number;
  readonly missing: readonly Missing[];
}

/** Where to look for the keys that the key store lacks. */
export interface Search {
  readonly reader: LogReader;
  /** The offset up to which the log is read. */
  readonly end: number;
  readonly store: KeyStore;
  readonly from?: Pick<KeyStore, 'keysOf'> | undefined;
  /** Keys that are given up unless they are found. */
  readonly lost: ReadonlySet<string>;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/**
 * Finds the keys of the log's words that the key store lacks, and puts back or gives up what it can. Rejects with a KeyStoreError, also if a
 * key of the other store does not open the words.
 */
export async function replaceKeys(it: Search, signal: AbortSignal): Promise<Lacked> {
  const missing = new Map<string, Missing>();
  let [found, givenUp] = [0, 0];
  for await (const { winners, read } of winnersOf(it.reader, it.end, signal)) {
    const lacked = await lackedBy(it.store, winners);
    const there = it.from && lacked.size > 0 ? await openers(it.from, winners, lacked) : new Map<string, Uint8Array>();
    const gone = [...lacked.keys()].filter(key => !there.has(key) && it.lost.has(key));
    if (there.size > 0) await it.store.adopt(there);
    if (gone.length > 0) await it.store.noteLost(gone);
    found += there.size;
    givenUp += gone.length;
    for (const [key, { position, stream }] of lacked)
      if (!there.has(key) && !it.lost.has(key) && !missing.has(key)) missing.set(key, { key, position, stream });
    if (missing.size > mostMissing)
      throw new Error(
        `The key store lacks more than ${mostMissing} keys of this log. Check that KEY_STORE names its store.`,
      );
    it.onProgress(read, it.end, 'looking for keys');
  }
  return { found, givenUp, missing: [...missing.values()] };
}

const commitIn = ({ record: { headers, value }, ...verdict }: Winner) => {
  const read = decode(headers, value, verdict);
  return 'commit' in read ? read.commit : undefined;
};

/** The first winner of each key that the store lacks. */
async function lackedBy(store: KeyStore, winners: readonly Winner[]): Promise<Map<string, Winner>> {
  const first = new Map<string, Winner>();
  for (const winner of winners)
    for (const key of keyIdsIn(commitIn(winner)?.events ?? [])) if (!first.has(key)) first.set(key, winner);
  for (const key of (await store.keysOf(first.keys())).keys()) first.delete(key);
  return first;
}

/** The secrets that another store has of these keys. Rejects with `sealed-unreadable` if one is of other words. */
async function openers(
  from: Pick<KeyStore, 'keysOf'>,
  winners: readonly Winner[],
  lacked: ReadonlyMap<string, Winner>,
): Promise<Map<string, Uint8Array>> {
  const keys = await from.keysOf(lacked.keys());
  const other: Key = { destroyed: '' };
  for (const winner of winners) {
    const commit = commitIn(winner);
    if (!commit || ![...keyIdsIn(commit.events)].some(key => keys.has(key))) continue;
    // The words under other keys are not looked at.
    const opening = open(commit, { get: key => keys.get(key) ?? other });
    if ('because' in opening)
      throw new KeyStoreError(opening.because.code, `in the other store, ${opening.unreadable}`);
  }
  return new Map([...keys].flatMap(([key, held]) => ('secret' in held ? [[key, held.secret] as const] : [])));
}
