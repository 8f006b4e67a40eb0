import { inTransaction, tryLock, whileHeld, type Pool } from '#postgres';
import {
  allBuilds,
  buildName,
  buildToFold,
  checkpointOf,
  dropOutdated,
  dropUnlessLive,
  keepBuild,
  liveBuild,
  projectorLock,
  swap,
  type Checkpoint,
} from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { CandidateBuild } from '../candidate/candidate-build.js';
import { lockRebuilds, RebuildError } from './unfinished.js';
import { batchAt, Feed } from './feed.js';
import type { RebuildOptions } from './rebuild.js';

/** The build of that name. */
async function found(pool: Pool, name: string): Promise<Checkpoint> {
  const build = (await allBuilds(pool)).find(one => one.name === name);
  if (!build) throw new RebuildError('no-such-build', name);
  return build;
}

/**
 * The build to return to if none is named: the one that was live before the current one. If another version made that one: the live build if
 * this version made it, else the latest that this version made and readers used.
 */
async function former(pool: Pool, made: string): Promise<Checkpoint> {
  const used = (await allBuilds(pool)).filter(one => one.live || one.promoted_at !== null);
  const before = used.find(one => !one.live);
  const own = before?.made === made ? before : used.find(one => one.made === made);
  if (!own) throw new RebuildError('must-fold');
  return own;
}

type Returning = Pick<RebuildOptions, 'pool' | 'keys' | 'databaseUrl' | 'reader' | 'projections' | 'onProgress'>;

/** How long no projector may have moved a build that is waited for, in milliseconds. */
const longestStillMs = 60_000;

/**
 * Makes a retired build live again, once it has caught up. Resolves to its name. Until then readers read what they read before. Rejects with
 * RebuildError, also if a projector folds for this version, but does not bring that build up to date. Then drops builds that hold what was
 * taken down meanwhile.
 */
export async function returnTo(it: Returning, name: string | undefined, signal: AbortSignal): Promise<string> {
  const back = await goBack(it, name, signal);
  await dropOutdated(it.pool);
  return back;
}

async function goBack(it: Returning, name: string | undefined, signal: AbortSignal): Promise<string> {
  const { pool, databaseUrl, projections } = it;
  const made = buildName(projections);
  const build = await (name === undefined ? former(pool, made) : found(pool, name));
  if (build.live) return build.name;
  if (build.promoted_at === null || build.folded)
    throw new RebuildError('no-such-build', `${build.name} was never live`);
  if (build.made !== made) throw new RebuildError('not-yours', build.name);
  const broken = new Error('The connection that holds a lock was lost. Readers were not moved. Run the command again.');
  return whileHeld([await lockRebuilds(pool, databaseUrl)], broken, signal, async held => {
    // The projector of the retired version may still be folding this build.
    const lead = (await liveBuild(pool))?.made === made ? undefined : await tryLock(databaseUrl, projectorLock(made));
    return whileHeld(lead ? [lead] : [], broken, held, async alone => {
      const folded = lead === undefined && (await liveBuild(pool))?.made !== made;
      await (folded ? waitFor(it, build.name, alone) : raise(it, build.name, alone));
      return build.name;
    });
  });
}

/**
 * Makes a build live once a projector of its version has brought it up to date. Rejects with RebuildError if that projector folds another
 * build, or has not moved this one for `longest` milliseconds.
 */
export async function waitFor(
  { pool, projections, onProgress }: Pick<Returning, 'pool' | 'projections' | 'onProgress'>,
  name: string,
  signal: AbortSignal,
  longest = longestStillMs,
): Promise<void> {
  const folded = await buildToFold(pool, buildName(projections));
  if (folded !== name) throw new RebuildError('folds-another', folded);
  let [at, since] = [-1, 0];
  while ((await swap(pool, name, { changed: true })) === 'behind') {
    const next = (await checkpointOf(pool, name))?.next_offset ?? at;
    if (next !== at) [at, since] = [next, performance.now()];
    else if (performance.now() - since > longest) throw new RebuildError('stands-still', name);
    onProgress(next, Math.max(next, (await liveBuild(pool))?.next_offset ?? 0), 'waiting for the projector');
    await sleep(50, undefined, { signal });
  }
}

async function raise(it: Returning, name: string, signal: AbortSignal) {
  const { pool, projections, reader, onProgress } = it;
  const build = await CandidateBuild.of(it, projections, name);
  const feed = new Feed(reader, build.checkpoint, batchAt(undefined), signal);
  const foldTo = async (to: number) => {
    while (build.next < to) {
      signal.throwIfAborted();
      await build.fold(await feed.before(to));
      onProgress(build.next, to, 'folding');
    }
  };
  try {
    do {
      const to = (await liveBuild(pool))?.next_offset ?? 0;
      // Reading from Kafka can take long, so it is done before the swap takes its lock.
      await foldTo(to);
    } while ((await swap(pool, name, { catchUp: foldTo, changed: true })) === 'behind');
  } finally {
    await feed.close();
  }
}

/** Drops a build that is not live. */
export async function drop(pool: Pool, name: string): Promise<void> {
  if (await inTransaction(pool, 'write', client => dropUnlessLive(client, name))) return;
  const { live } = await found(pool, name);
  throw new RebuildError(live ? 'is-live' : 'not-allowed', name);
}

/** Keeps a build, however many builds become live after it. */
export async function keep(pool: Pool, name: string): Promise<void> {
  await found(pool, name);
  await keepBuild(pool, name);
}
