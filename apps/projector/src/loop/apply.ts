import type { LogReader, LogRecord } from '#event-log';
import {
  applyBatch,
  arbitrateAll,
  BuildReplaced,
  dropLeft,
  fetchFrom,
  liveBuild,
  loadProgress,
  markLeft,
  readBackVisibility,
  releaseQuarantined,
  VisibilityOutbox,
  type Arbitrated,
  type Progress,
  type Projection,
  type Stores,
  type VisibilityTopic,
} from '#projections';
import type { PicturePublisher } from '../pictures/publisher.js';
import { tracedBatch, tracedCommits } from '../telemetry/traced-batch.js';
import { goesLive, returnWhenLeft } from './left.js';
import type { Status } from './status.js';
import { Takedowns } from './takedowns.js';

/** The inputs of `fold`: the log, the database, the key store and the visibility log. */
export interface FoldOptions extends Stores {
  readonly reader: LogReader;
  readonly visibilityLog: VisibilityTopic;
  readonly projections: readonly Projection[];
  readonly batchSize: number;
  readonly status: Status;
  /** Absent where the newsroom has no blob store. */
  readonly pictures?: PicturePublisher | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** How long nobody must have folded the live build of another version before readers go back to this one’s. Default: `leftMs`. */
  readonly leftMs?: number | undefined;
}

/**
 * Folds the log into the build from its checkpoint on, until `signal` is aborted, and records in the visibility log when readers could see
 * each commit. Known visibility entries are loaded first, so that a replay assigns no second, later time. Resolves to true if it ended
 * before that because readers are back on the build: call it again.
 */
export async function fold(folding: FoldOptions, signal: AbortSignal): Promise<boolean> {
  const { pool, reader, visibilityLog } = folding;
  await readBackVisibility(pool, visibilityLog.reader, reader, signal);
  const outbox = new VisibilityOutbox(pool, visibilityLog.appender);
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  const sending = outbox.run(ending);
  const returning = returnWhenLeft(folding, ending).finally(() => over.abort());
  const publishing = folding.pictures?.run(() => folding.status.progress?.checkpoint, ending);
  const takedowns = new Takedowns(folding, folding.log);
  const watching = takedowns.watch(ending);
  const onVisible = () => {
    outbox.fill();
    folding.pictures?.moved();
  };
  try {
    await foldOn(folding, takedowns, onVisible, ending);
  } finally {
    over.abort();
    await Promise.all([sending, returning, publishing, watching]);
  }
  return returning;
}

async function foldOn(
  folding: FoldOptions,
  takedowns: Takedowns,
  onVisible: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { reader, projections, batchSize, status } = folding;
  let progress = status.read(await begun(folding));
  await takedowns.destroyAgain(progress.checkpoint);
  progress = status.read(await releaseQuarantined(folding, projections, progress));
  progress = status.read(await goLive(folding, progress));
  await takedowns.after(progress.checkpoint, progress.checkpoint);
  onVisible();
  await fetchFrom(
    reader,
    progress.checkpoint,
    batchSize,
    async records => {
      const { checkpoint } = progress;
      const arbitrated = arbitrateAll(progress, records);
      const apply = () => applyOn(folding, progress, records, arbitrated);
      progress = status.read(await tracedBatch(folding.pool, tracedCommits(arbitrated), apply));
      progress = status.read(await goLive(folding, progress));
      onVisible();
      await takedowns.after(checkpoint, progress.checkpoint);
    },
    signal,
  );
}

/**
 * The build to fold. Where another process dropped the one that readers left, as a takedown does while nobody folds it, a new one begins. It is
 * not the first one of its version, so it takes no readers from the other version.
 */
async function begun({ pool, projections, status }: FoldOptions): Promise<Progress> {
  const progress = await loadProgress(pool, projections);
  if (!status.hadReaders || progress.checkpoint.promoted_at !== null) return progress;
  await markLeft(pool, progress.checkpoint.name);
  return loadProgress(pool, projections);
}

/**
 * Applies records to the build. If another build of this version has become live meanwhile, continues with that build from its checkpoint.
 */
async function applyOn(
  folding: FoldOptions,
  progress: Progress,
  records: readonly LogRecord[],
  arbitrated?: Arbitrated,
): Promise<Progress> {
  const { pool, projections } = folding;
  try {
    return await applyBatch(folding, projections, progress, records, arbitrated);
  } catch (error) {
    if (!(error instanceof BuildReplaced)) throw error;
    const other = await loadProgress(pool, projections);
    const { next_offset: next } = other.checkpoint;
    // A rebuilt build needs earlier records first.
    if (next < records[0]!.offset) throw error;
    const due = records.filter(({ offset }) => offset >= next);
    return due.length === 0 ? other : applyOn(folding, other, due);
  }
}

/**
 * Makes the build live when it has caught up, or at once if none is live. Readers never go back. A build that readers left becomes live again
 * by `returnWhenLeft`, or by `audit builds --return`. Rejects if that made another build of this version live: `supervise` goes on with it.
 */
async function goLive(folding: FoldOptions, progress: Progress): Promise<Progress> {
  const { pool, reader } = folding;
  const { checkpoint } = progress;
  if (checkpoint.live) return progress;
  const live = await liveBuild(pool);
  if (live && live.name !== checkpoint.name) {
    if (live.made === checkpoint.made) throw new BuildReplaced(checkpoint.name);
    if (checkpoint.promoted_at !== null) return progress;
    if (checkpoint.next_offset < (await reader.bounds()).next) return progress;
  }
  if (!(await goesLive(folding, checkpoint.name, live?.name))) return progress;
  await dropLeft(pool);
  return { ...progress, checkpoint: { ...checkpoint, live: true } };
}
