import { recordDigest, type LogRecord } from '#event-log';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../state/layered.js';
import { StateError } from '../state/rows.js';
import { StateFile } from '../state/state-file.js';
import {
  changesOf,
  checkpointOf,
  listedTables,
  mapLayers,
  modelOn,
  stateTables,
  type Checkpoint,
} from './kept-model.js';
import type { WriteModel } from './write-model.js';

interface Log {
  info(told: object, text: string): void;
  warn(told: object, text: string): void;
}

/** The state of the processor that is kept. */
export interface Holder {
  model: WriteModel;
  /** The last record in the model. */
  readonly last: LogRecord | undefined;
  /** Whether commands are decided on the model. */
  readonly ready: boolean;
}

/** How much the state in memory may grow. A commit changes about six entries. */
export type StateBounds = Readonly<Record<keyof typeof stateBounds, number>>;
/** The default bounds of the state in memory. */
export const stateBounds = {
  /** Number of changed entries that are written together while the log is read for the first time. */
  bulk: 20_000,
  /**
   * After this many changed entries, or this many milliseconds, a generation begins. It is written when no decision depends on an older
   * one any more.
   */
  generation: 10_000,
  generationMs: 10_000,
  /** With this many changed entries that could not be written, no further record is read until they are written. */
  most: 200_000,
  /** Milliseconds between tries to write to a disk that is full or fails. */
  againMs: 5_000,
  /** Number of rows that are written between two copies of the index while the log is read for the first time. */
  bulkIndex: 1_000_000,
};

const checkpointText = (model: WriteModel, last: LogRecord) =>
  JSON.stringify(checkpointOf(model, last.offset, recordDigest(last)));

/** How many changes of the model only memory holds. */
export function changesIn(model: WriteModel): number {
  let changes = 0;
  mapLayers(model, layer => {
    changes += layer.changes;
    return layer;
  });
  return changes;
}

const fileName = 'editor-api.state';

/** Keeps the write model on disk: opens it, writes changes that are old enough, and deletes a file that it cannot trust. */
export class KeptState {
  private ground: Ground | undefined;
  private begun: { readonly model: WriteModel; readonly checkpoint: string; readonly generation: number } | undefined;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private generation = 1;
  private failing: string | undefined;
  /** Whether the file is a temporary one although there is a folder. */
  private isTemporary = false;
  private readonly stopping = new AbortController();

  constructor(
    /** Where the file is; undefined for a temporary one, which the process alone sees. */
    private readonly folder: string | undefined,
    /** How long a decision may use one model, in milliseconds. */
    private readonly holdMs: number,
    private readonly log: Log,
    private readonly bounds: StateBounds = stateBounds,
  ) {}

  /** The reason why the last attempt to write failed; undefined if it succeeded. */
  get failure(): string | undefined {
    return this.failing;
  }

  /**
   * Opens the kept state. Without a checkpoint the model is empty, and the caller must read the log from its start. Throws a StateError where
   * a part of it that is read whole is damaged: then the caller must discard it.
   */
  open(damaged: (error: StateError) => void): { readonly model: WriteModel; readonly checkpoint?: Checkpoint } {
    const file = this.opened();
    this.generation = 1;
    const ground = (this.ground = { file, flushed: 0, damaged });
    if (!file.checkpoint) return { model: modelOn(ground) };
    const checkpoint = JSON.parse(file.checkpoint) as Checkpoint;
    return { model: modelOn(ground, checkpoint), checkpoint };
  }

  /** Deletes the kept state and logs the reason. The caller must read the log from its start. Throws where it cannot be deleted. */
  discard(why: string): void {
    this.shut();
    // The file in the folder is another process's then.
    const own = this.isTemporary ? undefined : this.folder;
    if (own) for (const end of ['', '-journal']) rmSync(join(own, fileName + end), { force: true });
    this.log.warn({ why, folder: own }, 'the state on disk is deleted; the log is read from its start');
  }

  /** Writes the changes that are due. Waits only if too many changes wait to be written. */
  async after(holder: Holder): Promise<void> {
    if (!holder.ready) this.inBulk(holder);
    else if (!this.begun && changesIn(holder.model) >= this.bounds.generation) this.begin(holder);
    else this.beginLater(holder);
    const { signal } = this.stopping;
    while (this.unwritten(holder) > this.bounds.most && this.ground && !signal.aborted) {
      await sleep(Math.min(this.bounds.againMs, this.holdMs), undefined, { signal }).catch(() => undefined);
      if (!holder.ready) this.inBulk(holder);
      else if (!this.begun) this.begin(holder);
    }
  }

  /** Ends the wait for a disk that is full, so that the reading of the log can end. */
  stop(): void {
    this.stopping.abort();
  }

  /** Writes everything, and a copy of the index, so that the next start is quick. */
  async close(holder: Holder): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    if (this.folder) {
      this.writeBegun(holder);
      this.flushNow(holder, Infinity);
      // Nothing is left to write but the copy of the index, which then has every row.
      this.flushNow(holder, 0);
    }
    this.shut();
  }

  private opened(): StateFile {
    const { folder } = this;
    this.isTemporary = false;
    if (!folder) return new StateFile(undefined, stateTables, listedTables);
    const open = () => new StateFile(join(folder, fileName), stateTables, listedTables);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return open();
    } catch (error) {
      if (!(error instanceof StateError) || error.isInUse) return this.temporary(error);
      try {
        this.discard(error.message);
        return open();
      } catch (again) {
        return this.temporary(again);
      }
    }
  }

  private temporary(error: unknown): StateFile {
    this.isTemporary = true;
    const why = error instanceof StateError && error.isInUse ? 'another process uses it' : (error as Error).message;
    this.log.warn(
      { why, folder: this.folder },
      'STATE_DIR cannot be used; the state is kept in a temporary file, and the log is read from its start',
    );
    return new StateFile(undefined, stateTables, listedTables);
  }

  private shut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.begun = undefined;
    this.ground?.file.close();
    this.ground = undefined;
  }

  private writeBegun(holder: Holder): void {
    const { begun, ground } = this;
    if (!begun || !ground) return;
    try {
      ground.file.flushNow(changesOf(begun.model), begun.checkpoint);
      this.flushed(holder, ground, begun.generation);
    } catch (error) {
      this.failed(error);
    }
  }

  private flushed(holder: Holder, ground: Ground, generation: number): void {
    ground.flushed = generation;
    holder.model = mapLayers(holder.model, layer => layer.written());
    this.begun = undefined;
  }

  /**
   * Nobody decides on the model yet, so it is written at once. In a first read most commands are forgotten again before its end, so they
   * are written only after it; until then there is no checkpoint, and a start would begin again.
   */
  private inBulk(holder: Holder): void {
    if (this.unwritten(holder) < this.bounds.bulk) return;
    this.flushNow(holder, this.bounds.bulkIndex, this.isFirstRead);
  }

  private get isFirstRead(): boolean {
    return this.ground?.file.checkpoint === undefined;
  }

  private unwritten({ model, ready }: Holder): number {
    const isDeferred = !ready && this.isFirstRead;
    return changesIn(model) - (isDeferred ? model.commands.changes + model.blocks.keys.changes : 0);
  }

  private flushNow(holder: Holder, copyIndexAfter: number, withoutCommands = false): void {
    const { ground } = this;
    if (!ground || !holder.last || this.begun) return;
    const { commands, blocks } = holder.model;
    const deferred: unknown[] = withoutCommands ? [commands, blocks.keys] : [];
    const older = mapLayers(holder.model, layer =>
      deferred.includes(layer) ? layer.carriedOver() : layer.nextGeneration(),
    );
    const checkpoint = withoutCommands ? '' : checkpointText(holder.model, holder.last);
    try {
      ground.file.flushNow(changesOf(older), checkpoint, copyIndexAfter);
    } catch (error) {
      return this.failed(error);
    }
    holder.model = older;
    this.flushed(holder, ground, this.generation++);
    this.wentWell();
  }

  private beginLater(holder: Holder): void {
    // While a generation is written, the timer is that of the next try.
    if (this.ground && !this.begun)
      this.timer ??= setTimeout(() => this.begin(holder), this.bounds.generationMs).unref();
  }

  /** Begins a generation. It is written when no decision can depend on an older model any more. */
  private begin(holder: Holder): void {
    if (this.begun) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.ground || !holder.last || changesIn(holder.model) === 0) return;
    const checkpoint = checkpointText(holder.model, holder.last);
    holder.model = mapLayers(holder.model, layer => layer.nextGeneration());
    this.begun = { model: holder.model, checkpoint, generation: this.generation++ };
    this.timer = setTimeout(() => this.write(holder), this.holdMs).unref();
  }

  private write(holder: Holder): void {
    this.timer = undefined;
    const { begun, ground } = this;
    if (!begun || !ground) return;
    const done = () => this.flushed(holder, ground, begun.generation);
    this.writing = ground.file.flush(changesOf(begun.model), begun.checkpoint, done).then(
      () => {
        this.wentWell();
        this.beginLater(holder);
      },
      error => {
        if (this.ground !== ground) return;
        this.failed(error);
        this.timer = setTimeout(() => this.write(holder), this.bounds.againMs).unref();
      },
    );
  }

  private failed(error: unknown): void {
    const why = (error as Error).message;
    if (this.failing !== why)
      this.log.warn(
        { why, folder: this.folder },
        'the state cannot be written; it grows in memory until a later attempt succeeds',
      );
    this.failing = why;
  }

  private wentWell(): void {
    if (this.failing !== undefined) this.log.info({ folder: this.folder }, 'the state is written again');
    this.failing = undefined;
  }
}
