import { isDeepStrictEqual } from 'node:util';
import { LogError, type LogRecord } from '../port.js';

type OnBatch = (records: readonly LogRecord[]) => Promise<void>;

/** The progress of a read, over all the consumers that it uses. */
export class Cursor {
  /** The expected next offset. */
  next: number;
  #last: LogRecord | undefined;
  readonly #onBatch: OnBatch;
  #running: Promise<void> | undefined;

  constructor(from: number, onBatch: OnBatch) {
    this.next = from;
    this.#onBatch = onBatch;
  }

  /** Where a consumer starts: at the last record handed over, if any, to check that the log still holds it. */
  get resume(): number {
    return this.#last?.offset ?? this.next;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Whether the record equals the one that was last handed over. */
  isLast({ offset, headers, value }: LogRecord): boolean {
    const last = this.#last;
    return (
      offset === last?.offset && isDeepStrictEqual(headers, last.headers) && Buffer.compare(value, last.value) === 0
    );
  }

  /** Advances only when the handler succeeded. */
  async handOver(records: readonly LogRecord[]): Promise<void> {
    this.#running = this.#onBatch(records);
    try {
      await this.#running;
      this.next += records.length;
      this.#last = records.at(-1) ?? this.#last;
    } finally {
      this.#running = undefined;
    }
  }

  /** Resolves when no handler is running. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}

/** The first offset of a log, and the offset that the next record will get. */
export interface Bounds {
  readonly first: number;
  readonly next: number;
}

/** Finds the fault in a log's bounds, if any, given that every record before `expected` was read. */
export function breach(bounds: Bounds, expected: number): LogError | undefined {
  if (bounds.first > 0) return new LogError('log-truncated', `it begins at offset ${bounds.first}`);
  if (bounds.next < expected)
    return new LogError('log-gone-back', `it ends at offset ${bounds.next}, but ${expected} records were read`);
  return undefined;
}

/** The error for offset `found` in the place of `expected`; `bounds` if they are known. */
export function misplaced(bounds: Bounds | undefined, expected: number, found: number): LogError {
  const detail = `offset ${found} came where ${expected} belongs`;
  const known = bounds && breach(bounds, expected);
  return known ?? new LogError(found < expected ? 'log-gone-back' : 'log-gap', detail);
}
