import { LineTooLong, readRawLine, type RawCommit } from '#bundle';
import { actorOf, canonicalJson, storyStream } from '#domain';
import {
  arbitrate,
  emptyLog,
  headersOf,
  LogError,
  logStream,
  type LogReader,
  type LogRecord,
  type Verdict,
} from '#event-log';
import { batchesOf } from '../candidate/batches.js';
import { linesOf } from './files.js';

/**
 * A story's bundle has the story's stream, the log's first commit and the whole registry of actors, because the names of its
 * actors are sealed.
 */
export const inStory = (story: string) => (stream: string) =>
  stream === storyStream(story) || stream === logStream || actorOf({ stream }) !== undefined;

/** The optional file for records whose lines do not reproduce all their bytes. */
export const rawFile = 'raw-records.jsonl';

/**
 * Raw records by position; undefined if the file cannot be read, or its positions do not increase. Such records are rare.
 */
export async function readRawRecords(folder: string): Promise<ReadonlyMap<number, RawCommit> | undefined> {
  const raw = new Map<number, RawCommit>();
  let last = 0;
  try {
    for await (const text of linesOf(folder, rawFile)) {
      const line = readRawLine(text);
      if (!line || line.position <= last) return undefined;
      raw.set((last = line.position), line);
    }
  } catch (error) {
    if (error instanceof LineTooLong) return undefined;
    throw error;
  }
  return raw;
}

/** Whether these bytes decode to the commit. */
export const readsAs = (raw: RawCommit, { headers, value }: Pick<LogRecord, 'headers' | 'value'>): boolean =>
  canonicalJson(headersOf(raw)) === canonicalJson(headers) && (!raw.valueless || value.length === 0);

/** A commit that won, with its record. */
export type Winner = Verdict & { readonly won: true; readonly record: LogRecord };

/** The winners of one batch, and the offset up to which the log was read with it. */
interface Won {
  readonly winners: readonly Winner[];
  readonly read: number;
}

/**
 * Yields the winners of a log up to the offset `end`, batch by batch, from the first record on. Rejects with a LogError, or
 * with the signal's reason.
 */
export async function* winnersOf(reader: LogReader, end: number, signal: AbortSignal): AsyncGenerator<Won> {
  if (end === 0) return;
  let state = emptyLog;
  for await (const records of batchesOf(reader, signal)) {
    const winners: Winner[] = [];
    for (const record of records.filter(({ offset }) => offset < end)) {
      const [next, verdict] = arbitrate(state, record.headers);
      state = next;
      if (verdict.won) winners.push({ ...verdict, record });
    }
    const read = records.at(-1)!.offset + 1;
    yield { winners, read };
    if (read >= end) return;
  }
}

/** The offset of a log's current end. Rejects if the log is empty. */
export async function endOf(reader: LogReader, topic: string): Promise<number> {
  const { first, next } = await reader.bounds();
  if (first > 0) throw new LogError('log-truncated', `it begins at offset ${first}`);
  if (next === 0) throw new Error(`${topic} holds no records yet.`);
  return next;
}
