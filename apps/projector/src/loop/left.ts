import {
  buildName,
  checkpointOf,
  dropLeft,
  isFolded,
  liveBuild,
  swap,
  SwapRefused,
  type SwapOptions,
} from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FoldOptions } from './apply.js';

const lookMs = 1_000;
/** A projector that is started again leads sooner than this. */
export const leftMs = 10_000;

/**
 * Takes readers back to this version's build, which they left for another version's, once no projector folds that one any more: until then
 * two versions would replace each other in turn, and after that readers would see nothing new. Resolves to true once readers are back, by
 * this or by a command, or somebody dropped the build, and the fold does not know it: it must begin again, as after a start. Resolves to false
 * when `signal` is aborted.
 */
export async function returnWhenLeft(it: FoldOptions, signal: AbortSignal): Promise<boolean> {
  const made = buildName(it.projections);
  const patience = it.leftMs ?? leftMs;
  for (let since: number | undefined; !signal.aborted;) {
    await sleep(Math.min(lookMs, patience), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    // A database that does not answer is the fold's concern.
    if (await isOutdated(it).catch(() => false)) return true;
    const other = await unfolded(it, made).catch(() => undefined);
    since = other === undefined ? undefined : (since ?? performance.now());
    if (other === undefined || performance.now() - since! < patience || signal.aborted) continue;
    await goBack(it, other).catch(() => undefined);
  }
  return false;
}

/** Whether the fold’s build is gone, or readers are on it again and the fold knows it as one that they left. */
async function isOutdated({ pool, status }: FoldOptions): Promise<boolean> {
  const own = status.progress?.checkpoint;
  if (!own) return false;
  if (!(await checkpointOf(pool, own.name))) return true;
  if (own.live || own.promoted_at === null) return false;
  return (await liveBuild(pool))?.name === own.name;
}

/** The live build, if it is another version's, nobody folds it, and readers have used this version's. */
async function unfolded({ pool, status }: FoldOptions, made: string): Promise<string | undefined> {
  const live = await liveBuild(pool);
  const own = status.progress?.checkpoint.name;
  if (!live || live.made === made || own === undefined || (await isFolded(pool, live.made))) return undefined;
  return (await checkpointOf(pool, own))?.promoted_at ? live.name : undefined;
}

/** Readers never go back in the log: where this build is behind, the next look tries again. */
async function goBack(it: FoldOptions, replacing: string): Promise<void> {
  const { pool, status, log } = it;
  const own = status.progress!.checkpoint.name;
  if (!(await goesLive(it, own, replacing, { replacing, changed: true }))) return;
  log.warn(`readers are back on ${own}: no projector folds ${replacing} any more`);
  await dropLeft(pool);
}

/** Makes a build live if it has caught up. Where it may never replace this live one, logs that once and asks no more. */
export async function goesLive(
  { pool, status, log }: FoldOptions,
  build: string,
  live: string | undefined,
  swapping: SwapOptions = {},
): Promise<boolean> {
  if (live !== undefined && status.irreplaceable === live) return false;
  try {
    return (await swap(pool, build, swapping)) === 'swapped';
  } catch (error) {
    if (!(error instanceof SwapRefused)) throw error;
    status.irreplaceable = error.live;
    log.warn(error.message);
    return false;
  }
}
