import type { Headers } from './arbitrate.js';
import type { RawRecord } from './raw.js';

/** A record as the log holds it. `offset` belongs to the log's storage and never enters a projection. */
export interface LogRecord {
  readonly offset: number;
  readonly headers: Headers;
  readonly value: Uint8Array;
  /** The record's original bytes, if headers as text, the stream as key and the value cannot reproduce them. */
  readonly raw?: RawRecord | undefined;
}

/** A record to append; its key is its stream. */
export type NewRecord = Omit<LogRecord, 'offset'> & { readonly key: string };

/**
 * The outcome of an append. `sent`: the log accepted it, which does not mean that it won. `unknown`: the send began and no answer came;
 * the record may enter the log, now or later. `not-sent`: it never left this process.
 */
export type AppendOutcome = 'sent' | 'unknown' | 'not-sent';

/** Writes to the log. Implemented for Kafka and in memory. */
export interface LogAppender {
  /** Appends one record. Never throws, and never sends again once a send has begun. */
  append(record: NewRecord): Promise<AppendOutcome>;
  close(): Promise<void>;
}

/** Writes several records to the log with one request. Implemented for Kafka and in memory. */
export interface BatchAppender extends LogAppender {
  /**
   * Appends records under the same promises as one: all of them in a row and in order, or none. Together they may have as many bytes as
   * the log allows for one record.
   */
  appendTogether(records: readonly NewRecord[]): Promise<AppendOutcome>;
}

/** The most records that a reader hands over in one batch. */
export const handedOverAtOnce = 500;

/** Reads the log. Implemented for Kafka and in memory. */
export interface LogReader {
  /**
   * Hands over every record from `from` on, in order, at most `handedOverAtOnce` in a batch, and awaits each batch before the next.
   * Rejects with a `LogError` when it cannot continue; resolves when `signal` is aborted. Each record comes once: a gap, a step back, a
   * truncated start, or a changed record after a reconnection is an error.
   */
  read(from: number, onBatch: (records: readonly LogRecord[]) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** The log's first offset, and the offset that the next record will get. */
  bounds(): Promise<{ first: number; next: number }>;
  close(): Promise<void>;
}

/** Every way in which reading or preparing the log fails, and the remedy. */
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
/** The code of an error of the log. */
export type LogErrorCode = keyof typeof logErrors;

/** The log cannot be read or prepared; `code` says why. */
export class LogError extends Error {
  constructor(
    readonly code: LogErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ? `${logErrors[code]} (${detail})` : logErrors[code], options);
  }
}
