import { ActorId, canonicalJson, sha256, StoryId, type Commit } from '#domain';
import { arbitrate, decode, type Arbitration, type Decoded, type LogRecord, type Verdict } from '#event-log';
import type { Checkpoint } from './build.js';
import { actorOf, storyOf } from './fold.js';

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

const notInstant = 'It does not say when it was recorded as ISO 8601 in UTC with milliseconds.';

/** Whether rows can hold the time as it stands: Date.parse alone takes other forms too, and whatever stands behind. */
const isInstant = (text: string) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

/** Reads a winner, as far as its rows could be kept: the name of its stream is part of their keys. Never throws. */
export function readWinner(record: Omit<LogRecord, 'offset'>, verdict: Verdict & { won: true }): Decoded {
  const story = storyOf(verdict);
  const actor = actorOf(verdict);
  const fits = story === undefined || StoryId.safeParse(story).success;
  if (!fits || (actor !== undefined && !ActorId.safeParse(actor).success))
    return { unreadable: 'The stream is named after no id that is known here.' };
  const read = decode(record.headers, record.value, verdict);
  if ('commit' in read) return isInstant(read.commit.recorded) ? read : { unreadable: notInstant };
  // It may quote what could not be read, and have been cut inside a character.
  return { unreadable: read.unreadable.slice(0, 1_000).toWellFormed().replaceAll('\0', '\uFFFD') };
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
    const read = readWinner(record, verdict);
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
