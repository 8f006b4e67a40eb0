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
  'log-gone-back': 'The log ends before the last record read: it was cut or replaced. Restore it; nothing was reset.',
  'log-replaced':
    'The last record read was replaced by another one: this is another log. Restore the right log; nothing was reset.',
  'log-truncated':
    'The log no longer holds its first records. Set unlimited retention and restore the log; nothing was reset.',
  'log-gap': 'Records are missing in the log. Restore them; nothing after the gap was applied.',
  'log-stalled': 'Records that the log holds did not arrive in time. Check the brokers and the network.',
  'log-unsafe': 'The topic is not set up as a log. Give it one partition, unlimited retention and no compaction.',
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
