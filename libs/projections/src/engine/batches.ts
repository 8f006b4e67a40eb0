import type { LogRecord } from '#event-log';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The most bytes of values in one batch; a larger record makes a batch alone. */
export const batchBytes = 16 * 1024 * 1024;

type OnBatch = (records: readonly LogRecord[]) => Promise<void>;

/**
 * Hands over records in batches, one after the other. While one batch is processed the next one grows, to at most `size` records and
 * `batchBytes`; a batch never waits for more records.
 */
export class Batches {
  /** Rejects with the error of `onBatch`; never resolves. */
  readonly failed: Promise<never>;
  readonly #size: number;
  readonly #onBatch: OnBatch;
  readonly #signal: AbortSignal;
  readonly #fail: (error: unknown) => void;
  #waiting: LogRecord[] = [];
  #working = false;
  #over = false;
  #work: Promise<void> = Promise.resolve();
  #taken = Promise.withResolvers<void>();

  /** Begins no batch once `signal` is aborted. */
  constructor(size: number, onBatch: OnBatch, signal: AbortSignal) {
    this.#size = size;
    this.#onBatch = onBatch;
    this.#signal = signal;
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => undefined);
    this.failed = failed.promise;
    this.#fail = failed.reject;
  }

  /** Resolves once there is room for more. */
  async add(records: readonly LogRecord[]): Promise<void> {
    if (this.#over) return;
    this.#waiting.push(...records);
    if (!this.#working) this.#work = this.#handOver();
    while (this.#working && this.#isFull()) await this.#taken.promise;
  }

  /** Resolves once no batch is being processed, and none is waiting unless `signal` is aborted or a batch failed. */
  idle(): Promise<void> {
    return this.#work;
  }

  async #handOver(): Promise<void> {
    this.#working = true;
    try {
      for (;;) {
        // Records that the log returns together arrive in this turn, and go into one batch.
        await nextTurn();
        if (this.#waiting.length === 0 || this.#signal.aborted) break;
        const batch = this.#waiting.splice(0, this.#nextLength());
        this.#tellTaken();
        await this.#onBatch(batch);
      }
    } catch (error) {
      // The batch failed, so later records must not be applied.
      this.#over = true;
      this.#fail(error);
    } finally {
      this.#working = false;
      this.#tellTaken();
    }
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.#size || this.#nextLength() < this.#waiting.length;
  }

  #nextLength(): number {
    let bytes = 0;
    const tooMany = this.#waiting.findIndex(({ value }, at) => {
      bytes += value.byteLength;
      return at === this.#size || (at > 0 && bytes > batchBytes);
    });
    return tooMany < 0 ? this.#waiting.length : tooMany;
  }

  #tellTaken(): void {
    this.#taken.resolve();
    this.#taken = Promise.withResolvers();
  }
}
