import { HeadWatch, LogTree, type HeadFault, type SignedHead } from '#bundle';
import { arbitrate, emptyLog, type Arbitration, type LogReader, type LogRecord } from '#event-log';

/** Compares a log with its signed heads, while the log is read from its first record on. */
export class LogWatch {
  private readonly watch: HeadWatch;
  private readonly tree = new LogTree();
  private state: Arbitration = emptyLog;

  constructor(heads: readonly SignedHead[]) {
    this.watch = new HeadWatch(heads);
  }

  take(records: readonly LogRecord[]): void {
    for (const record of records) {
      const [next, verdict] = arbitrate(this.state, record.headers);
      this.state = next;
      if (!verdict.won) continue;
      this.tree.append({ ...record, position: verdict.position });
      this.watch.grown(this.tree.log!, this.tree);
    }
  }

  get log(): { readonly id: string | null; readonly position: number; readonly root: string } {
    const { log = null, size } = this.tree;
    return { id: log, position: size, root: this.tree.root() };
  }

  /** The findings, once the log was read to its end. */
  done(): { readonly compared: number; readonly faults: readonly HeadFault[] } {
    return this.watch.done(this.tree.log, this.tree.size);
  }
}

/** A reader that passes every record to `watch` first. It must be read once, from the first record on. */
export const watched = (reader: LogReader, watch: LogWatch): LogReader => ({
  ...reader,
  read(from, onBatch, signal) {
    const take = async (records: readonly LogRecord[]) => {
      watch.take(records);
      await onBatch(records);
    };
    return reader.read(from, take, signal);
  },
});
