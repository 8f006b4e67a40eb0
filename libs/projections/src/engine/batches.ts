import type { LogRecord } from '#event-log';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Bytes of values that one batch holds, at most; a record that is larger makes a batch alone. */
export const batchBytes = 16 * 1024 * 1024;

type OnBatch = (records: readonly LogRecord[]) => Promise<void>;

/**
 * Hands records over in batches, one after the other. While a batch is worked on the next one grows, to at most `size` records
 * and `batchBytes`; nothing waits for more to come.
 */
export class Batches {
  /** Rejects with what `onBatch` rejected with; never resolves. */
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

  /** Resolves once no batch is worked on, and none waits unless `signal` is aborted or one failed. */
  idle(): Promise<void> {
    return this.#work;
  }

  async #handOver(): Promise<void> {
    this.#working = true;
    try {
      for (;;) {
        // What the log has given at once comes in this turn: it goes into one batch.
        await nextTurn();
        if (this.#waiting.length === 0 || this.#signal.aborted) break;
        const batch = this.#waiting.splice(0, this.#nextLength());
        this.#tellTaken();
        await this.#onBatch(batch);
      }
    } catch (error) {
      // The next record must not be applied without these.
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
