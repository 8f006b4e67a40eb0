import { canonicalJson, sha256, type Commit } from '#domain';
import { arbitrate, decode, type Arbitration, type LogRecord } from '#event-log';
import type { Checkpoint } from './build.js';

/** A stream's first winner that cannot be read, and why. */
export interface Quarantine {
  readonly at: number;
  readonly reason: string;
}

/** Where folding stands between two batches. */
export interface Progress {
  readonly checkpoint: Checkpoint;
  readonly arbitration: Arbitration;
  readonly quarantined: ReadonlyMap<string, Quarantine>;
}

/** A winner of a quarantined stream, to be read by a later version. */
export interface Kept {
  readonly position: number;
  readonly stream: string;
  readonly id: string;
  readonly seq: number;
  readonly record: LogRecord;
}

/** What a batch holds, once it is settled who won. */
export interface Settled {
  readonly progress: Progress;
  readonly commits: readonly Commit[];
  readonly kept: readonly Kept[];
  /** Streams whose heads moved. */
  readonly streams: ReadonlySet<string>;
}

/** Tells one record of a log from any other in its place, to notice a log that was replaced. */
export function recordDigest({ headers, value }: LogRecord): string {
  return sha256(canonicalJson({ headers, value: sha256(value) }));
}

/** Arbitrates and reads a batch. From its first unreadable winner on, a stream's winners are kept, not folded. Pure. */
export function settle(
  { checkpoint, arbitration: before, quarantined: known }: Progress,
  records: readonly LogRecord[],
): Settled {
  const quarantined = new Map(known);
  const streams = new Set<string>();
  const commits: Commit[] = [];
  const kept: Kept[] = [];
  let arbitration = before;
  for (const record of records) {
    const [next, verdict] = arbitrate(arbitration, record.headers);
    arbitration = next;
    if (!verdict.won) continue;
    const { stream, position, id, seq } = verdict;
    streams.add(stream);
    const read = decode(record.headers, record.value, verdict);
    if ('unreadable' in read && !quarantined.has(stream))
      quarantined.set(stream, { at: position, reason: read.unreadable });
    if ('commit' in read && !quarantined.has(stream)) commits.push(read.commit);
    else kept.push({ position, stream, id, seq, record });
  }
  const last = records.at(-1);
  const next: Checkpoint = {
    ...checkpoint,
    log: arbitration.genesis ?? null,
    position: arbitration.position,
    next_offset: last ? last.offset + 1 : checkpoint.next_offset,
    last_record: last ? recordDigest(last) : checkpoint.last_record,
  };
  return { progress: { checkpoint: next, arbitration, quarantined }, commits, kept, streams };
}
