import {
  handedOverAtOnce,
  LogError,
  type AppendOutcome,
  type BatchAppender,
  type LogReader,
  type LogRecord,
  type NewRecord,
} from '../port.js';

/** The fate of one append: its answer and, for each copy that arrives, after how many later appends it does. */
export interface Fate {
  readonly outcome: AppendOutcome;
  readonly arrivals: readonly number[];
}

const kept: Fate = { outcome: 'sent', arrivals: [0] };

/**
 * A log in memory, for tests of the contract and for simulations. `fateOf` decides which records are duplicated, late, lost or
 * unanswered.
 */
export class MemoryLog {
  readonly records: LogRecord[] = [];
  first = 0;
  readonly #late: { record: NewRecord; after: number }[] = [];
  readonly #fateOf: (record: NewRecord) => Fate;
  #grown = Promise.withResolvers<void>();

  constructor(fateOf: (record: NewRecord) => Fate = () => kept) {
    this.#fateOf = fateOf;
  }

  get next(): number {
    return (this.records.at(-1)?.offset ?? -1) + 1;
  }

  /** Resolves when the next record arrives. */
  get grown(): Promise<void> {
    return this.#grown.promise;
  }

  appender(): BatchAppender {
    let closed = false;
    return {
      append: async record => (closed ? 'not-sent' : this.#append([record])),
      appendTogether: async records => (closed ? 'not-sent' : this.#append(records)),
      close: async () => void (closed = true),
    };
  }

  reader(): LogReader {
    const closing = new AbortController();
    return {
      read: (from, onBatch, signal) => this.#read(from, onBatch, AbortSignal.any([signal, closing.signal])),
      bounds: async () => ({ first: this.first, next: this.next }),
      close: async () => closing.abort(),
    };
  }

  /** Delivers every record that is still in flight. */
  settle(): void {
    for (const { record } of this.#late.splice(0)) this.arrive(record);
  }

  /** Appends a record; `skipped` offsets before it stay without a record. */
  arrive({ headers, value }: NewRecord, skipped = 0): void {
    this.records.push({ offset: this.next + skipped, headers, value });
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  /** The outcome is that of the first record. Each record arrives by its own fate, and counts as one append for those that are late. */
  #append(records: readonly NewRecord[]): AppendOutcome {
    const fates = records.map(record => this.#fateOf(record));
    const outcome = fates[0]?.outcome ?? 'sent';
    for (const [index, record] of records.entries()) {
      const arrivals = outcome === 'not-sent' ? [] : fates[index]!.arrivals;
      for (const late of this.#late) late.after--;
      this.#late.push(...arrivals.map(after => ({ record, after })));
      const due = this.#late.filter(({ after }) => after <= 0);
      for (const late of due) {
        this.#late.splice(this.#late.indexOf(late), 1);
        this.arrive(late.record);
      }
    }
    return outcome;
  }

  async #read(from: number, onBatch: (records: readonly LogRecord[]) => Promise<void>, stop: AbortSignal) {
    const stopped = new Promise(resolve => stop.addEventListener('abort', resolve));
    for (let next = from; !stop.aborted;) {
      if (this.first > 0) throw new LogError('log-truncated');
      if (this.next < next) throw new LogError('log-gone-back');
      const batch = this.records.filter(({ offset }) => offset >= next).slice(0, handedOverAtOnce);
      if (batch.some(({ offset }, index) => offset !== next + index)) throw new LogError('log-gap');
      if (batch.length > 0) await onBatch(batch);
      else await Promise.race([this.grown, stopped]);
      next += batch.length;
    }
  }
}
