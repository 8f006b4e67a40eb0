import { isInternal, keyIdOf, type OpenCommit, type OpenEvent } from '#domain';
import {
  arbitrate,
  decode,
  recordDigest,
  type Arbitration,
  type Decoded,
  type LogRecord,
  type Verdict,
} from '#event-log';
import { open, keyIdsIn, type Keys } from '#keys';
import type { Checkpoint } from '../builds/checkpoints.js';
import { isForgotten } from '../folds/forgotten.js';
import { shredsOf, type ShredOrder } from './shred.js';

/** A stream's first winner that cannot be read, and why. */
export interface Quarantine {
  readonly at: number;
  readonly reason: string;
}

/** The state between two batches. */
export interface Progress {
  readonly checkpoint: Checkpoint;
  readonly arbitration: Arbitration;
  readonly quarantined: ReadonlyMap<string, Quarantine>;
  /** Taken-down developments and texts whose words no row ever held, to this process's knowledge. */
  readonly neverStored: ReadonlySet<string>;
}

/** A winner of a quarantined stream, stored for a later version to read. */
export interface Kept {
  readonly position: number;
  readonly stream: string;
  readonly id: string;
  readonly seq: number;
  readonly record: LogRecord;
}

/** A batch after it is known which records won. */
export interface Settled {
  readonly progress: Progress;
  readonly commits: readonly OpenCommit[];
  readonly kept: readonly Kept[];
  /** Streams whose heads moved. */
  readonly streams: ReadonlySet<string>;
  readonly shreds: Arbitrated['shreds'];
}

/** The winning records of a batch, decoded but still sealed. */
export interface Arbitrated {
  readonly arbitration: Arbitration;
  readonly winners: readonly { readonly record: LogRecord; readonly verdict: Won; readonly read: Decoded }[];
  /** The developments whose keys are needed to open them. */
  readonly withPayload: ReadonlySet<string>;
  /** Includes those of quarantined streams: a takedown does not wait for an upgrade. */
  readonly shreds: readonly ShredOrder[];
}
type Won = Verdict & { won: true };

/** Finds the winners of a batch and decodes them. Pure. */
export function arbitrateAll(
  { arbitration: before }: Pick<Progress, 'arbitration'>,
  records: readonly LogRecord[],
): Arbitrated {
  let arbitration = before;
  const winners = records.flatMap(record => {
    const [next, verdict] = arbitrate(arbitration, record.headers);
    arbitration = next;
    return verdict.won ? [{ record, verdict, read: decode(record.headers, record.value, verdict) }] : [];
  });
  const commits = winners.flatMap(({ read }) => ('commit' in read ? [read.commit] : []));
  const withPayload = keyIdsIn(commits.flatMap(({ events }) => events));
  return { arbitration, winners, withPayload, shreds: shredsOf(commits) };
}

/** The checkpoint after a batch. It does not depend on what the batch's payloads hold. Pure. */
export function checkpointAfter(
  checkpoint: Checkpoint,
  records: readonly LogRecord[],
  { arbitration, shreds }: Pick<Arbitrated, 'arbitration' | 'shreds'>,
): Checkpoint {
  const last = records.at(-1);
  return {
    ...checkpoint,
    log: arbitration.genesis ?? null,
    position: arbitration.position,
    next_offset: last ? last.offset + 1 : checkpoint.next_offset,
    last_record: last ? recordDigest(last) : checkpoint.last_record,
    shredded: shreds.at(-1)?.position ?? checkpoint.shredded,
  };
}

/** Opens a batch. From a stream's first unreadable winner on, its winners are stored and not folded. Pure. */
export function settle(
  { checkpoint, quarantined: known, neverStored: before }: Progress,
  records: readonly LogRecord[],
  arbitrated: Arbitrated,
  keys: Pick<Keys, 'get'>,
): Settled {
  const { arbitration, winners, shreds } = arbitrated;
  const quarantined = new Map(known);
  const streams = new Set<string>();
  const commits: OpenCommit[] = [];
  const kept: Kept[] = [];
  for (const { record, verdict, read } of winners) {
    const { stream, position, id, seq } = verdict;
    streams.add(stream);
    const opening = 'commit' in read ? open(read.commit, keys) : read;
    if ('unreadable' in opening && !quarantined.has(stream))
      quarantined.set(stream, { at: position, reason: opening.unreadable });
    if ('commit' in opening && !quarantined.has(stream)) commits.push(opening.commit);
    else kept.push({ position, stream, id, seq, record });
  }
  const next = checkpointAfter(checkpoint, records, arbitrated);
  const progress = { checkpoint: next, arbitration, quarantined, neverStored: neverStoredAfter(before, commits) };
  return { progress, commits, kept, streams, shreds };
}

/** Whether an event has the first payload under its key: words about it, such as a proposal's, come later. */
const begins = (event: OpenEvent): boolean =>
  event.type === 'DevelopmentRecorded' || ('text' in event.data && !isInternal(event));

function neverStoredAfter(before: ReadonlySet<string>, commits: readonly OpenCommit[]): ReadonlySet<string> {
  const neverStored = new Set(before);
  for (const event of commits.flatMap(({ events }) => events)) {
    if (!('told' in event.data)) continue;
    const id = keyIdOf(event.data);
    if (!isForgotten(event)) neverStored.delete(id);
    else if (begins(event)) neverStored.add(id);
  }
  return neverStored;
}
