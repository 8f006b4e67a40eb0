import { HeadWatch, LogTree, type HeadFault, type SignedHead } from '#bundle';
import { arbitrate, emptyLog, type Arbitration, type LogReader, type LogRecord } from '#event-log';

/** Compares a log, while it is read from its first record on, with the heads that were signed of it. */
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

  /** What was found once the log has come to its end. */
  done(): { readonly compared: number; readonly faults: readonly HeadFault[] } {
    return this.watch.done(this.tree.size);
  }
}

/** The reader of a log, of which `watch` sees every record first. To be read once, from its first record on. */
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
