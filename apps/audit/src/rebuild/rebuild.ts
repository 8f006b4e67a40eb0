import type { LogReader } from '#event-log';
import { inTransaction, whileHeld, type Client } from '#postgres';
import {
  alwaysFolded,
  buildName,
  copyRows,
  dropLeft,
  dropOutdated,
  ensureBuild,
  liveBuild,
  noteFolded,
  swap,
  tablesOf,
  type Checkpoint,
  type Projection,
  type Stores,
} from '#projections';
import { CandidateBuild } from '../candidate/candidate-build.js';
import { inSharedSnapshot } from '../candidate/shared-snapshot.js';
import { compare, type Comparison } from '../verify/compare.js';
import { lockRebuilds, nameOf, RebuildError } from './unfinished.js';
import { batchAt, Feed, throttle } from './feed.js';

/** The inputs of a rebuild. */
export interface RebuildOptions extends Stores {
  readonly databaseUrl: string;
  readonly reader: LogReader;
  readonly projections: readonly Projection[];
  /** The only projections to rebuild; empty for all. */
  readonly named: readonly string[];
  /** Maximum number of records per second; undefined for no limit. */
  readonly rate: number | undefined;
  /** Keep the replaced build until it is dropped by its name. */
  readonly keep: boolean;
  /** Swap even if the two builds differ. */
  readonly accept: boolean;
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The result of a rebuild. */
export interface Rebuilt {
  readonly from: string;
  readonly to: string;
  readonly swapped: boolean;
  /** Records that this run folded. */
  readonly records: number;
  /** The position at which the two builds were compared. */
  readonly position: number;
  readonly compared: Comparison;
  readonly dropped: readonly string[];
}

/**
 * Folds the log into a new build beside the live one, compares them at one position, and makes the new one live. If `signal`
 * is aborted or the process is killed, the unfinished build stays, and the next call continues it.
 */
export async function rebuild(it: RebuildOptions, signal: AbortSignal): Promise<Rebuilt> {
  const known = it.projections.map(({ name }) => name);
  const strange = it.named.filter(name => !known.includes(name));
  if (strange.length > 0)
    throw new RebuildError('no-such-projection', `${strange.join(', ')}; use ${known.join(', ')}`);
  const isWanted = (name: string) => it.named.includes(name) || (it.named.length > 0 && alwaysFolded.includes(name));
  const lock = await lockRebuilds(it.pool, it.databaseUrl);
  const broken = new Error('The connection that holds the rebuild’s lock was lost. Run the rebuild again.');
  const rebuilt = await whileHeld([lock], broken, signal, held => new Run(it, known.filter(isWanted), held).run());
  // Builds that were retired earlier may still hold content that was taken down meanwhile.
  const { dropped } = await dropOutdated(it.pool);
  return { ...rebuilt, dropped: [...rebuilt.dropped, ...dropped] };
}

/** Maximum number of records that the live build may be ahead when it is briefly blocked. */
const near = 100;

class Run {
  private green!: CandidateBuild;
  private feed!: Feed;
  private records = 0;
  private readonly pace: (records: number) => Promise<void>;

  constructor(
    private readonly it: RebuildOptions,
    private readonly named: readonly string[],
    private readonly signal: AbortSignal,
  ) {
    this.pace = throttle(it.rate, signal);
  }

  async run(): Promise<Rebuilt> {
    const { pool, projections, reader, rate, accept } = this.it;
    const { name: from } = await this.live();
    this.green = await CandidateBuild.of(this.it, projections, await this.begun());
    this.feed = new Feed(reader, this.green.checkpoint, batchAt(rate), this.signal);
    try {
      await this.takeOverOthers();
      const compared = await this.compared();
      const { position } = this.green;
      const differ = compared.first !== undefined;
      const swapped = !differ || accept;
      if (swapped) await this.swapped(differ);
      const dropped = swapped ? await dropLeft(pool) : [];
      return { from, to: this.green.name, swapped, records: this.records, position, compared, dropped };
    } finally {
      await this.feed.close();
    }
  }

  /**
   * The list of projections is written in the transaction that creates the build; otherwise a later run would consider it
   * complete.
   */
  private async begun(): Promise<string> {
    const { pool, projections } = this.it;
    const name = await nameOf(pool, projections, this.named);
    await inTransaction(pool, 'write', async client => {
      const { next_offset: next } = await ensureBuild(client, projections, name);
      if (next === 0 && this.named.length > 0) await noteFolded(client, name, this.named);
    });
    return name;
  }

  /** In a partial rebuild, copies the rows of the other projections from the live build, at one position. */
  private async takeOverOthers(): Promise<void> {
    const { projections } = this.it;
    const { folded } = this.green.checkpoint;
    if (folded === null) return;
    this.green.foldOnly(projections.filter(({ name }) => folded.includes(name)));
    const others = projections.filter(({ name }) => !folded.includes(name));
    await this.meet('copy', async (client, live) => {
      this.report(live, 'copying the other tables');
      await copyRows(client, live.name, this.green.name, tablesOf(others));
      await noteFolded(client, this.green.name, null);
      return live;
    });
    this.green.foldOnly(projections);
  }

  private compared(): Promise<Comparison> {
    const { projections } = this.it;
    return this.meet('read', (client, live) =>
      compare(client, { shadow: this.green.name, live: live.name }, projections, {
        signal: this.signal,
        onTable: table => this.report(live, `comparing ${table}`),
      }),
    );
  }

  private async swapped(changed: boolean): Promise<void> {
    const { pool, keep } = this.it;
    const catchUp = (to: number) => this.foldTo(to);
    for (;;) {
      const live = await this.follow();
      this.report(live, 'swapping');
      if ((await swap(pool, this.green.name, { replacing: live.name, catchUp, changed, keep })) === 'swapped') return;
    }
  }

  /** Runs `work` in one snapshot in which both builds are at the same position. */
  private async meet<T extends NonNullable<unknown>>(
    mode: 'read' | 'copy',
    work: (client: Client, live: Checkpoint) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const live = await this.follow();
      const meeting = { live: live.name, next: () => this.green.next, catchUp: (to: number) => this.foldTo(to), mode };
      const done = await inSharedSnapshot(this.it.pool, meeting, client => work(client, live));
      if (done !== undefined) return done;
    }
  }

  /** Folds the records that the live build has folded, until few are left. */
  private async follow(): Promise<Checkpoint> {
    for (;;) {
      const live = await this.live();
      const lacks = live.next_offset - this.green.next;
      if (lacks <= 0 || (lacks <= near && this.feed.flows)) return live;
      await this.foldTo(live.next_offset, async records => {
        this.report(live, 'folding');
        await this.pace(records);
      });
    }
  }

  private async foldTo(offset: number, onBatch: (records: number) => Promise<void> = async () => {}): Promise<void> {
    while (this.green.next < offset) {
      this.signal.throwIfAborted();
      const records = await this.feed.before(offset);
      await this.green.fold(records);
      this.records += records.length;
      await onBatch(records.length);
    }
  }

  private async live(): Promise<Checkpoint> {
    this.signal.throwIfAborted();
    const live = await liveBuild(this.it.pool);
    if (!live) throw new RebuildError('nothing-live');
    if (live.made !== buildName(this.it.projections)) throw new RebuildError('other-version', live.name);
    return live;
  }

  private report({ next_offset: all }: Checkpoint, doing: string): void {
    const { next } = this.green;
    this.it.onProgress(next, Math.max(all, next), doing);
  }
}
