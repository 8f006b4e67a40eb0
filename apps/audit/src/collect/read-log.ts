import { arbitrate, emptyLog, type LogReader, type LogRecord } from '#event-log';
import type { KeyStore } from '#keys';
import type { Pool } from '#postgres';
import { liveBuild } from '#projections';
import { filesNamed, noneNamed, type FilesNamed } from '../blobs/named.js';
import { Contents } from '../bundle/contents.js';
import { endOf } from '../bundle/winners.js';
import { batchesOf } from '../candidate/batches.js';
import { CollectionRefused } from './refused.js';
import type { NamingLog } from './sweep.js';

interface From {
  readonly topic: string;
  readonly reader: LogReader;
  readonly pool: Pool;
  readonly keys: Pick<KeyStore, 'keysOf'>;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The log as far as it was read, and the files that it names. */
export class ReadLog implements NamingLog {
  /** The position of the last commit. */
  position = 0;
  living: ReadonlySet<string> = new Set();
  named: ReadonlySet<string> = new Set();
  private readonly contents = new Contents();
  private readonly batches: AsyncGenerator<readonly LogRecord[]>;
  private state = emptyLog;
  private read = 0;
  private id = '';
  /** Developments that were taken down and whose keys are destroyed for certain. */
  private readonly destroyed = new Set<string>();
  /** The files, and the number of destroyed keys, that `living` and `named` follow from. */
  private sorted: readonly [FilesNamed, number] = [noneNamed, 0];

  constructor(
    private readonly it: From,
    signal: AbortSignal,
  ) {
    this.batches = batchesOf(it.reader, signal);
  }

  /**
   * Reads on to the present end. Rejects with CollectionRefused if the log is not that of the live build, is shorter, or has a commit
   * that no editor-api writes: then it does not prove which files are named.
   */
  async readOn(): Promise<void> {
    const { topic, reader, onProgress } = this.it;
    const end = await endOf(reader, topic);
    if (end < this.read) throw new CollectionRefused(`${topic} became shorter. Run verify.`);
    while (this.read < end) {
      const { value: records } = await this.batches.next();
      for (const record of records as readonly LogRecord[]) this.take(record);
      onProgress(this.read, Math.max(this.read, end), 'reading the log');
    }
    await this.checkBuild();
    await this.sort();
  }

  async close(): Promise<void> {
    await this.batches.return(undefined);
  }

  private take(record: LogRecord): void {
    const [next, verdict] = arbitrate(this.state, record.headers);
    this.state = next;
    this.read = record.offset + 1;
    if (!verdict.won) return;
    this.id ||= verdict.id;
    this.position = verdict.position;
    this.contents.take(record, verdict);
    const [strange] = this.contents.strange;
    if (strange)
      throw new CollectionRefused(
        `The commit at position ${strange.position} is strange, so the log does not prove which files are named: ${strange.detail} Run verify, with the newest version.`,
      );
  }

  private async checkBuild(): Promise<void> {
    const { topic, pool } = this.it;
    const live = await liveBuild(pool);
    if (!live || live.position === 0)
      throw new CollectionRefused('No build is live yet. Start the projector, and wait until it has folded the log.');
    if (this.id !== live.log)
      throw new CollectionRefused(
        `${topic} is the log ${this.id}; the tables in Postgres come from ${live.log}. Check LOG_TOPIC and DATABASE_URL.`,
      );
    // A commit may have been folded since the end of the log was asked for, so only a second look proves that the log was cut.
    if (this.position < live.position && (await endOf(this.it.reader, topic)) <= this.read)
      throw new CollectionRefused(
        `${topic} has ${this.position} commits; the tables in Postgres have ${live.position}. Was the log cut? Run verify.`,
      );
  }

  /** A file may go once the key of every development that names it is destroyed, and not when the takedown is recorded. */
  private async sort(): Promise<void> {
    const { files, takenDown } = this.contents;
    const shown = [...takenDown].filter(development => files.has(development));
    const held = await this.it.keys.keysOf(shown.filter(development => !this.destroyed.has(development)));
    for (const [development, key] of held) if ('destroyed' in key) this.destroyed.add(development);
    const [before, count] = this.sorted;
    if (files === before && this.destroyed.size === count) return;
    this.sorted = [files, this.destroyed.size];
    const names = (excused: ReadonlySet<string>) => new Set([...filesNamed(files, excused)].map(({ name }) => name));
    this.named = names(new Set());
    this.living = this.destroyed.size === 0 ? this.named : names(this.destroyed);
  }
}
