import { inTransaction, tryLock, type Pool } from '#postgres';
import {
  allBuilds,
  buildName,
  dropBuild,
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

/** The build of that name; without a name, the build that was live before the current one. */
async function found(pool: Pool, name: string | undefined): Promise<Checkpoint> {
  const builds = await allBuilds(pool);
  const build = builds.find(one => (name ? one.name === name : !one.live && one.promoted_at !== null));
  if (!build) throw new RebuildError('no-such-build', name);
  return build;
}

type Returning = Pick<RebuildOptions, 'pool' | 'keys' | 'databaseUrl' | 'reader' | 'projections' | 'onProgress'>;

/** Makes a retired build live again, once it has caught up. Resolves to its name. */
export async function returnTo(it: Returning, name: string | undefined, signal: AbortSignal): Promise<string> {
  const { pool, databaseUrl, projections } = it;
  const build = await found(pool, name);
  const made = buildName(projections);
  if (build.live) return build.name;
  if (build.promoted_at === null || build.folded)
    throw new RebuildError('no-such-build', `${build.name} was never live`);
  if (build.made !== made) throw new RebuildError('not-yours', build.name);
  const lock = await lockRebuilds(pool, databaseUrl);
  try {
    // The projector of the retired version may still be folding this build.
    const lead = (await liveBuild(pool))?.made === made ? undefined : await tryLock(databaseUrl, projectorLock(made));
    const folded = lead === undefined && (await liveBuild(pool))?.made !== made;
    await (folded ? waitFor(pool, build.name, signal) : raise(it, build.name, signal)).finally(() => lead?.release());
    return build.name;
  } finally {
    await lock.release();
  }
}

async function waitFor(pool: Pool, name: string, signal: AbortSignal): Promise<void> {
  while ((await swap(pool, name, { changed: true })) === 'behind') await sleep(50, undefined, { signal });
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
  const { live } = await found(pool, name);
  if (live) throw new RebuildError('is-live', name);
  await inTransaction(pool, 'write', client => dropBuild(client, name));
}

/** Keeps a build, however many builds become live after it. */
export async function keep(pool: Pool, name: string): Promise<void> {
  await found(pool, name);
  await keepBuild(pool, name);
}
