import { handedOverAtOnce, type LogReader, type LogRecord } from '#event-log';
import { fetchFrom, type Checkpoint } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { asBatches } from '../candidate/batches.js';

/** Records folded at once: few if the rate is limited, so that the load is even. */
export const batchAt = (rate: number | undefined) =>
  Math.min(handedOverAtOnce, Math.max(1, Math.ceil((rate ?? Infinity) / 5)));

/** Milliseconds that a slow batch may lose and the next ones make up. A longer delay is not made up. */
const madeUpMs = 250;

/** Waits so that `rate` records a second are not exceeded. */
export function throttle(rate: number | undefined, signal: AbortSignal): (records: number) => Promise<void> {
  let due = 0;
  return async records => {
    if (rate === undefined) return;
    due = Math.max(due, performance.now() - madeUpMs) + (records / rate) * 1_000;
    const early = due - performance.now();
    if (early > 0) await sleep(early, undefined, { signal });
  };
}

/** The log from a build's checkpoint on, read on demand. The first request rejects if it is not the build's log. */
export class Feed {
  /** Whether records have arrived: joining takes Kafka seconds. */
  flows = false;
  private waiting: readonly LogRecord[] = [];
  private readonly over = new AbortController();
  private readonly batches: AsyncGenerator<readonly LogRecord[]>;
  private coming: Promise<IteratorResult<readonly LogRecord[]>>;

  constructor(
    reader: LogReader,
    checkpoint: Checkpoint,
    private readonly size: number,
    signal: AbortSignal,
  ) {
    const ending = AbortSignal.any([signal, this.over.signal]);
    this.batches = asBatches((take, over) => fetchFrom(reader, checkpoint, size, take, over), ending);
    this.coming = this.next();
  }

  /** The next records before an offset, which the log must hold: at least one. */
  async before(offset: number): Promise<readonly LogRecord[]> {
    if (this.waiting.length === 0) {
      this.waiting = (await this.coming).value ?? [];
      this.coming = this.next();
      this.flows = true;
    }
    const records = this.waiting.filter(record => record.offset < offset).slice(0, this.size);
    this.waiting = this.waiting.slice(records.length);
    return records;
  }

  async close(): Promise<void> {
    this.over.abort();
    await this.batches.return(undefined);
  }

  private next() {
    const coming = this.batches.next();
    // A request that nobody waits for any more may fail.
    coming.catch(() => undefined);
    return coming;
  }
}
