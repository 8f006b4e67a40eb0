import type { Headers } from './arbitrate.js';
import type { RawRecord } from './raw.js';

/** A record as it stands in the log. `offset` is the log's own and never enters a projection. */
export interface LogRecord {
  readonly offset: number;
  readonly headers: Headers;
  readonly value: Uint8Array;
  /** The record's own bytes, where headers as text, the stream as key and the value do not give them back. */
  readonly raw?: RawRecord | undefined;
}

export type NewRecord = Omit<LogRecord, 'offset'> & { readonly key: string };

/**
 * What is known after an append. `sent`: the log said yes, which is no verdict yet. `unknown`: the send began and no
 * answer came; the record may stand in the log, now or later. `not-sent`: it never left this process.
 */
export type AppendOutcome = 'sent' | 'unknown' | 'not-sent';

export interface LogAppender {
  /** Never throws; one record, one try at most once it is on its way. */
  append(record: NewRecord): Promise<AppendOutcome>;
  close(): Promise<void>;
}

/** Records that a reader hands over at once, at most. */
export const handedOverAtOnce = 500;

export interface LogReader {
  /**
   * Hands over every record from `from` on, in order, at most `handedOverAtOnce` at a time, each lot awaited before the next; ends with a
   * `LogError` when it cannot go on, and quietly when `signal` is aborted. Records come once each: a gap, a step back, a
   * truncated start, or another record in the place of the last one when it connects anew is an error.
   */
  read(from: number, onBatch: (records: readonly LogRecord[]) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** The log's first offset, and the one that the next record will get. */
  bounds(): Promise<{ first: number; next: number }>;
  close(): Promise<void>;
}

export const logErrors = {
  'log-unreachable': 'The log does not answer. Check KAFKA_BROKERS and that the brokers run.',
  'log-gone-back':
    'The log ends before what was already read from it: it was cut or replaced. Restore it; nothing was reset.',
  'log-replaced':
    'Another record stands in the place of the last one read: the log was replaced. Restore it; nothing was reset.',
  'log-truncated':
    'The log no longer holds its first records: retention must be for ever. Restore it; nothing was reset.',
  'log-gap': 'The log skipped records that it should hold. Nothing was applied past the gap.',
  'log-stalled': 'The log holds records that did not arrive in time.',
  'log-unsafe': 'The topic is not set up as a log: it must have one partition, delete nothing and compact nothing.',
} as const;
export type LogErrorCode = keyof typeof logErrors;

export class LogError extends Error {
  constructor(
    readonly code: LogErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ? `${logErrors[code]} (${detail})` : logErrors[code], options);
  }
}
