import { LogError } from '#event-log';
import { applyBatch } from '../../../libs/projections/src/engine/apply.js';
import { fetchFrom } from '../../../libs/projections/src/engine/fetch.js';
import { LogReplaced } from '../../../libs/projections/src/engine/guards.js';
import { loadProgress, releaseQuarantined } from '../../../libs/projections/src/engine/progress.js';
import { commits } from '../../../libs/projections/src/folds/commits/projection.js';
import { shownCommits } from '../../../libs/projections/src/folds/shown-commits/projection.js';
import { stories } from '../../../libs/projections/src/folds/stories/projection.js';
import { withheld } from '../../../libs/projections/src/folds/withheld/projection.js';
import type { Broker } from './broker.js';
import type { Database } from './database.js';
import type { SimulatedKeys } from './desk.js';
import { current, ownerNow, runAs, type Owner } from './scheduler.js';

/** Enough to show a lost, doubled or torn commit; the others would only cost time. */
const projections = [stories, commits, shownCommits, withheld];
const retryMs = 1_000;

interface ProjectorOptions {
  readonly name: string;
  readonly broker: Broker;
  readonly database: Database;
  readonly keys: SimulatedKeys;
  readonly batchSize: number;
  readonly skewMs: number;
  /** Resolves to a function that gives the leadership back. */
  readonly elected: () => Promise<() => void>;
}

/** A projector: the product's engine on a simulated log and database. */
export class Projector {
  readonly owner: Owner;
  /** The error after which it must not go on. */
  halted: Error | undefined;
  /** An error that the engine may never have. */
  broken: Error | undefined;
  readonly #stopping = new AbortController();

  constructor(readonly options: ProjectorOptions) {
    this.owner = { name: options.name, isAlive: true, skewMs: options.skewMs };
    void runAs(this.owner, () => this.#supervise());
  }

  crash(): void {
    this.owner.isAlive = false;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** As the product's `supervise` and `fold`, without builds that replace each other, and without a visibility log. */
  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const release = await this.options.elected();
      try {
        await this.#fold(signal);
      } catch (error) {
        const isOutage = error instanceof LogError && error.code === 'log-unreachable';
        if (!isOutage && (error instanceof LogError || error instanceof LogReplaced)) {
          this.halted = error;
          return;
        }
        if (error instanceof TypeError || (error as Error).message.startsWith('The simulator'))
          this.broken = error as Error;
      } finally {
        release();
      }
      await current().sleep(retryMs);
    }
  }

  async #fold(signal: AbortSignal): Promise<void> {
    const { broker, database, keys, batchSize } = this.options;
    const stores = { pool: database.pool(), keys };
    let progress = await loadProgress(stores.pool, projections, database.build.name);
    progress = await releaseQuarantined(stores, projections, progress);
    await fetchFrom(
      broker.reader(),
      progress.checkpoint,
      batchSize,
      async records => void (progress = await applyBatch(stores, projections, progress, records)),
      signal,
    );
  }
}

/** The lock that elects a leader. A process that crashes loses it, or its place among those that wait. */
export class Election {
  #waiting: { readonly owner: Owner; readonly win: (release: () => void) => void }[] = [];
  #leader: Owner | undefined;

  /** Resolves when the process that asks leads, to a function that gives the leadership back. */
  elect(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<() => void>();
    this.#waiting.push({ owner: ownerNow(), win: resolve });
    this.#next();
    return promise;
  }

  leave(owner: Owner): void {
    this.#waiting = this.#waiting.filter(each => each.owner !== owner);
    if (this.#leader !== owner) return;
    this.#leader = undefined;
    this.#next();
  }

  #next(): void {
    if (this.#leader) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#leader = next.owner;
    next.win(() => this.leave(next.owner));
  }
}
