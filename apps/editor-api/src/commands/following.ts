import { LogError, recordDigest, type LogReader, type LogRecord } from '#event-log';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateError } from '../state/rows.js';
import { emptyWriteModel, type Checkpoint } from './kept-model.js';
import type { KeptState } from './kept-state.js';
import type { WriteModel } from './write-model.js';

/** A consumer of the log. */
export interface Follower {
  /** Called before the log is read, from its start or from where the state on disk ends. Until `restore` or `take` nothing is known. */
  begin(model: WriteModel): void;
  /** Called with the state on disk, once the log has confirmed it: it holds the state's last record. */
  restore(model: WriteModel, last: LogRecord): void;
  take(records: readonly LogRecord[]): Promise<void>;
}

const endsBefore = 'the log is shorter than the one that this state was read from';
const isOfAnother = 'the log does not hold the last record in it: it is the state of another log';
const watchEndMs = 1_000;

/** Follows the log from where the state on disk ends. Deletes a state that is damaged, or that the log does not confirm. */
export class Following {
  /** The state on disk, until the log has shown that it holds the last record of it. */
  private restored: { readonly model: WriteModel; readonly checkpoint: Checkpoint } | undefined;
  private reading = new AbortController();

  constructor(
    private readonly reader: LogReader,
    private readonly kept: KeptState,
    private readonly follower: Follower,
    private readonly stopping: AbortSignal,
  ) {}

  /** Resolves when it is stopped. Rejects with the LogError that ended it. */
  async run(): Promise<void> {
    while (!this.stopping.aborted) {
      const wrong = await this.readOn();
      if (wrong !== undefined) this.kept.discard(wrong);
    }
  }

  /** Returns the offset to read from. Throws a StateError where the state on disk is damaged. */
  private start(): number {
    const reading = (this.reading = new AbortController());
    const { model, checkpoint } = this.kept.open(error => reading.abort(error));
    this.restored = checkpoint && { model, checkpoint };
    this.follower.begin(checkpoint ? emptyWriteModel : model);
    return checkpoint?.offset ?? 0;
  }

  /** Reads until it is stopped, or until there is a fault in the state on disk, which it resolves to. */
  private async readOn(): Promise<string | undefined> {
    const over = new AbortController();
    try {
      const from = this.start();
      if (this.restored) void this.watchEnd(from, over.signal);
      const until = AbortSignal.any([this.stopping, this.reading.signal]);
      await this.reader.read(from, records => this.take(records), until);
    } catch (error) {
      if (error instanceof StateError) return error.message;
      const isShorter = error instanceof LogError && error.code === 'log-gone-back' && this.restored;
      if (!isShorter) throw error;
      return endsBefore;
    } finally {
      over.abort();
    }
    const { aborted, reason } = this.reading.signal;
    return aborted ? (reason as Error).message : undefined;
  }

  private async take(found: readonly LogRecord[]): Promise<void> {
    const records = this.restored ? this.confirmed(found) : found;
    if (records && !this.reading.signal.aborted) await this.follower.take(records);
  }

  /** Uses the state on disk if the log holds its last record. Returns the records after that one. */
  private confirmed([first, ...rest]: readonly LogRecord[]): readonly LogRecord[] | undefined {
    const { model, checkpoint } = this.restored!;
    if (!first) return [];
    if (first.offset !== checkpoint.offset || recordDigest(first) !== checkpoint.digest) {
      this.reading.abort(new StateError(isOfAnother));
      return undefined;
    }
    this.restored = undefined;
    this.follower.restore(model, first);
    return rest;
  }

  /** Ends the read if the log ends before the record that should confirm the state; otherwise the read would wait for that record. */
  private async watchEnd(offset: number, over: AbortSignal): Promise<void> {
    while (this.restored && !over.aborted) {
      const bounds = await this.reader.bounds().catch(() => undefined);
      if (bounds && bounds.next <= offset && this.restored) this.reading.abort(new StateError(endsBefore));
      await sleep(watchEndMs, undefined, { signal: over }).catch(() => undefined);
    }
  }
}
