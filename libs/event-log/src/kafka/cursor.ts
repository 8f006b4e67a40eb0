import { isDeepStrictEqual } from 'node:util';
import type { LogRecord } from '../port.js';

type OnBatch = (records: readonly LogRecord[]) => Promise<void>;

/** How far a read has come, over all the consumers that it may take. */
export class Cursor {
  /** The offset that must come next. */
  next: number;
  #last: LogRecord | undefined;
  readonly #onBatch: OnBatch;
  #running: Promise<void> | undefined;

  constructor(from: number, onBatch: OnBatch) {
    this.next = from;
    this.#onBatch = onBatch;
  }

  /** Where a consumer begins: with the last record handed over, if any, to see that it still stands there. */
  get resume(): number {
    return this.#last?.offset ?? this.next;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Whether a record that was handed over is the one that stands in its place now. */
  isLast({ offset, headers, value }: LogRecord): boolean {
    const last = this.#last;
    return (
      offset === last?.offset && isDeepStrictEqual(headers, last.headers) && Buffer.compare(value, last.value) === 0
    );
  }

  /** Moves on only when the handler succeeded. */
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

  /** Resolves when no handler is at work. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}
