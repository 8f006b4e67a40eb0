import { BlobError, type BlobStore } from '#blobs';
import type { LogReader, LogRecord } from '#event-log';
import {
  buildName,
  firstCommitAfter,
  liveBuild,
  type Checkpoint,
  type Projection,
  type Shred,
  type Stores,
} from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkFiles, type FilesChecked, type WrongFile } from '../blobs/check.js';
import { countNamed, filesNamed } from '../blobs/named.js';
import type { Expecting } from '../signatures/seen.js';
import { compare, type Comparison } from './compare.js';
import { examineAll, lostKeysOf, unseen, type Examined } from './examine.js';
import type { Fault } from './faults.js';
import { inSharedSnapshot } from '../candidate/shared-snapshot.js';
import { addedCommit, liveCommit } from './place.js';
import { batchesOf } from '../candidate/batches.js';
import { Shadow } from '../candidate/shadow.js';

/** The inputs of a verification. */
export interface VerifyOptions extends Stores {
  readonly databaseUrl: string;
  readonly reader: LogReader;
  readonly projections: readonly Projection[];
  /** Developments whose keys a person declares lost. */
  readonly lost?: ReadonlySet<string>;
  readonly expecting?: Expecting | undefined;
  /** The sealed part of the blob store; undefined if no setting names it. */
  readonly blobs?: BlobStore | undefined;
  /** Names of files that a person declares lost. */
  readonly lostFiles?: ReadonlySet<string>;
  /** Called after every batch: records read, records in all, and the current step. */
  readonly onProgress: (done: number, all: number, doing: string) => void;
}

/** The result of a verification. */
export interface Findings {
  readonly examined: Examined;
  /** The build and the position of the comparison. */
  readonly at: { readonly build: string; readonly position: number; readonly nextOffset: number } | undefined;
  readonly compared: Comparison | undefined;
  /** A fault if the tables hold more than the log. */
  readonly cut: Fault | undefined;
  /** A fault if the key of a taken-down development still exists. */
  readonly spared: Fault | undefined;
  /** Developments without a takedown whose key is destroyed, each with the first commit about it. */
  readonly lost: readonly Shred[];
  /** The files of pictures, or the reason why they could not be read. */
  readonly files: FilesChecked | { readonly unchecked: string };
  /** The reason if the tables could not be compared. */
  readonly incomparable: string | undefined;
}

/** Maximum number of records that wait for the live build. */
const mostWaiting = 5_000;
/** How long a live build behind the log may make no progress before it is compared at its position. */
const restMs = 3_000;

/**
 * Reads and checks the whole log, folds it into a temporary build and compares that with the build that is live once the log
 * is read. Leaves nothing behind.
 */
export async function verify(it: VerifyOptions, signal: AbortSignal): Promise<Findings> {
  const shadow = await Shadow.open(it, it.databaseUrl, it.projections);
  try {
    const pass = new Pass(it, shadow, signal);
    await pass.run();
    return pass.findings;
  } finally {
    await shadow.drop();
  }
}

/** Why the tables of the live build cannot be compared; undefined if they can. `own`: the name of this version's builds. */
export function whyIncomparable(live: Pick<Checkpoint, 'name' | 'made'> | undefined, own: string): string | undefined {
  if (!live) return 'No build is live yet: start the projector.';
  if (live.made === own) return undefined;
  return `Readers read ${live.name}, which has other projections than this version's (${own}). Run the verify of the version that made it.`;
}

/** One pass over the log, from its first record to its end at the start, or to the live build's position by then. */
class Pass {
  private examined: Examined = unseen;
  private compared: Comparison | undefined;
  private incomparable: string | undefined;
  private at: Findings['at'];
  private cut: Fault | undefined;
  private spared: Fault | undefined;
  private lost: readonly Shred[] = [];
  private files: Findings['files'] = { checked: 0, wrong: [] };
  /** Examined but not folded records: the live build may not have reached them. */
  private waiting: readonly LogRecord[] = [];
  private readonly batches: AsyncGenerator<readonly LogRecord[]>;
  private readonly own: string;

  constructor(
    private readonly it: VerifyOptions,
    private readonly shadow: Shadow,
    private readonly signal: AbortSignal,
  ) {
    this.batches = batchesOf(it.reader, signal);
    this.own = buildName(it.projections);
  }

  get findings(): Findings {
    const { examined, at, compared, cut, spared, lost, files, incomparable } = this;
    return { examined, at, compared, cut, spared, lost, files, incomparable };
  }

  async run(): Promise<void> {
    try {
      const { next: end } = await this.it.reader.bounds();
      while (!this.done(end)) {
        if (this.examined.records < end && this.waiting.length < mostWaiting) await this.take(end);
        if (!this.settled) await this.compareOnceLevel(end);
      }
      this.lost = await this.lostKeys();
      this.files = await this.checkedFiles();
    } finally {
      await this.batches.return(undefined);
    }
  }

  /** A takedown that destroyed a key meanwhile is in the log by now. */
  private async lostKeys(): Promise<Shred[]> {
    const lost = () => lostKeysOf(this.examined, this.it.lost ?? new Set());
    if (lost().length === 0) return [];
    await this.readOn();
    return lost();
  }

  private async readOn(): Promise<void> {
    const { next: end } = await this.it.reader.bounds();
    while (this.examined.records < end) await this.take(end);
  }

  /** Files of what was taken down may be deleted already, and nobody can open them. */
  private named() {
    const { shreds, files } = this.examined;
    return filesNamed(files, new Set([...shreds.map(({ development }) => development), ...(this.it.lost ?? [])]));
  }

  private async checkedFiles(): Promise<Findings['files']> {
    const { blobs, lostFiles = new Set() } = this.it;
    const count = countNamed(this.examined.files);
    if (count === 0) return { checked: 0, wrong: [] };
    if (!blobs)
      return { unchecked: `The log names ${count} files of pictures, and BLOB_STORE does not say where they are.` };
    const onFiles = (done: number) => this.report(0, `reading ${done} of ${count} files`);
    try {
      const { checked, wrong } = await checkFiles(this.named(), blobs, { signal: this.signal, onFiles });
      const unknown = wrong.filter(({ name }) => !lostFiles.has(name));
      return { checked, wrong: unknown.length > 0 ? await this.stillNamed(unknown) : [] };
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      return { unchecked: `The files of pictures could not be read: ${error.message}` };
    }
  }

  /** A file may have been deleted because a takedown came meanwhile. That takedown is in the log by now. */
  private async stillNamed(wrong: readonly WrongFile[]): Promise<WrongFile[]> {
    await this.readOn();
    const names = new Set([...this.named()].map(({ name }) => name));
    return wrong.filter(({ name }) => names.has(name));
  }

  private get settled(): boolean {
    return this.at !== undefined || this.cut !== undefined || this.incomparable !== undefined;
  }

  private done(end: number): boolean {
    this.signal.throwIfAborted();
    return this.examined.records >= end && this.settled;
  }

  /** Takes the next records of the log. */
  private async take(end: number): Promise<void> {
    const { value: records = [] } = await this.batches.next();
    this.examined = await examineAll(this.examined, records, this.it.keys, this.it.expecting);
    if (!this.settled) this.waiting = [...this.waiting, ...records];
    this.report(end, 'reading');
  }

  private report(end: number, doing: string): void {
    const { records } = this.examined;
    this.it.onProgress(records, Math.max(end, records), doing);
  }

  private async foldTo(offset: number): Promise<void> {
    const foldable = this.waiting.filter(record => record.offset < offset);
    this.waiting = this.waiting.filter(record => record.offset >= offset);
    await this.shadow.fold(foldable);
  }

  /** Folds the records that the live build has folded, and compares when it has nothing more to catch up with. */
  private async compareOnceLevel(firstEnd: number): Promise<void> {
    const { shadow } = this;
    const live = await this.comparable();
    if (!live) return;
    const { next_offset: applied } = live;
    await this.foldTo(applied);
    if (shadow.next < applied && this.examined.records < firstEnd) return;
    const { next: end } = await this.it.reader.bounds();
    if (shadow.next < applied) {
      if (this.examined.records < end) await this.take(end);
      else if (applied > end) this.cut = await this.missingTail(live, end);
    } else if (applied >= end || (await this.rests(live))) await this.meet(live);
  }

  /** The live build now: a rebuild or a deploy may replace it while the log is read. Undefined if it is incomparable. */
  private async comparable(): Promise<Checkpoint | undefined> {
    const live = await liveBuild(this.it.pool);
    this.incomparable = whyIncomparable(live, this.own);
    if (this.incomparable === undefined) return live;
    this.waiting = [];
    return undefined;
  }

  private async meet({ name: live }: Checkpoint): Promise<void> {
    const { shadow } = this;
    const catchUp = async (to: number) => {
      while (this.examined.records < to) await this.take(to);
      await this.foldTo(to);
    };
    const builds = { shadow: shadow.name, live };
    const compared = await inSharedSnapshot(this.it.pool, { live, next: () => shadow.next, catchUp }, async client => {
      const { first } = this.examined;
      if (first)
        this.examined = {
          ...this.examined,
          first: { ...first, row: await liveCommit(client, builds, first.position!) },
        };
      const onTable = (table: string) => this.report(0, `comparing ${table}`);
      return compare(client, builds, this.it.projections, { signal: this.signal, onTable });
    });
    if (!compared) return;
    this.compared = compared;
    this.at = { build: live, position: shadow.position, nextOffset: shadow.next };
    this.spared = await this.sparedBy(shadow.position);
    this.waiting = [];
  }

  /** A projector destroys a key before its build shows any effect of the takedown. */
  private async sparedBy(position: number): Promise<Fault | undefined> {
    const due = this.examined.shreds.filter(shred => shred.position <= position);
    const keys = await this.it.keys.keysOf(due.map(({ development }) => development));
    const shred = due.find(({ development }) => 'secret' in (keys.get(development) ?? {}));
    if (!shred) return undefined;
    const { development, ...place } = shred;
    return { code: 'key-not-destroyed', ...place, detail: `The key of ${development}.`, row: null };
  }

  private async rests({ name, next_offset: applied }: Checkpoint): Promise<boolean> {
    for (let waited = 0; waited < restMs; waited += 100) {
      await sleep(100, undefined, { signal: this.signal });
      const now = await liveBuild(this.it.pool);
      if (now?.name !== name || now.next_offset !== applied) return false;
    }
    return true;
  }

  private async missingTail({ name: live, next_offset: applied }: Checkpoint, end: number): Promise<Fault> {
    const { position } = this.examined.arbitration;
    const row = await firstCommitAfter(this.it.pool, live, position);
    const detail = `The log ends at offset ${end}, but ${live} has applied records up to ${applied}.`;
    return {
      code: 'log-ends-early',
      stream: (row?.stream as string | undefined) ?? null,
      seq: (row?.seq as number | undefined) ?? null,
      position: (row?.position as number | undefined) ?? null,
      detail,
      row: row ? addedCommit(row) : null,
    };
  }
}
