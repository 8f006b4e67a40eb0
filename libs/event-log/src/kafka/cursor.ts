import { isDeepStrictEqual } from 'node:util';
import type { LogRecord } from '../port.js';

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
