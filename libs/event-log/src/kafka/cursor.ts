import type { LogRecord } from '../port.js';

type OnBatch = (records: readonly LogRecord[]) => Promise<void>;

/** How far a read has come, over all the consumers that it may take. */
export class Cursor {
  /** The offset that must come next. */
  next: number;
  readonly #onBatch: OnBatch;
  #running: Promise<void> | undefined;

  constructor(from: number, onBatch: OnBatch) {
    this.next = from;
    this.#onBatch = onBatch;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Moves on only when the handler succeeded. */
  async handOver(records: readonly LogRecord[]): Promise<void> {
    this.#running = this.#onBatch(records);
    try {
      await this.#running;
      this.next += records.length;
    } finally {
      this.#running = undefined;
    }
  }

  /** Resolves when no handler is at work. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}
