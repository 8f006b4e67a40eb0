import { inTransaction, type Client, type Pool } from '#postgres';
import { dropUnlessLive } from './build.js';
import { liveBuild, type Checkpoint } from './checkpoints.js';
import { mayLackTakedown } from './kept.js';
import { projectorLock } from './swap.js';

/** Held by a process that makes or continues a build outside the projector. */
export const rebuildLock = 'dateline rebuild';
/** Held by a process that makes a temporary build of this name. */
export const lockOfBuild = (name: string) => `dateline ${name}`;

/** A reader of an old build must not delay the live one. */
const patience = `set local lock_timeout = '200ms'`;

/** The outcome of `dropOutdated`. */
export interface Outdated {
  /** Names of the dropped builds, including those marked `kept`. */
  readonly dropped: readonly string[];
  /** Names of builds that are still folded or read: try again later. */
  readonly busy: readonly string[];
}

/**
 * Drops every inactive build that predates the live build's latest takedown, even one marked `kept`: it still contains the
 * text. So may a build of a version that could not read a takedown. A build that is being folded stays.
 */
export async function dropOutdated(pool: Pool): Promise<Outdated> {
  const { rows } = await pool.query<Checkpoint & { readonly than: string; readonly reached: boolean }>(
    `select build.*, now.name as than, coalesce(build.shredded, 0) >= now.shredded as reached
     from dateline.build join dateline.build now on now.live
     where not build.live and (coalesce(build.shredded, 0) < now.shredded
       or now.shredded is not null and build.made <> now.made and (build.promoted_at is not null or build.name = build.made))
     order by build.name`,
  );
  const dropped: string[] = [];
  const busy: string[] = [];
  for (const { name, made, than, reached } of rows) {
    if (reached && !(await mayLackTakedown(pool, than, name))) continue;
    ((await dropUnlessBusy(pool, name, made)) ? dropped : busy).push(name);
  }
  return { dropped, busy };
}

async function dropUnlessBusy(pool: Pool, name: string, made: string): Promise<boolean> {
  try {
    return await inTransaction(pool, 'write', async client => {
      if (await isFolded(client, name, made)) return false;
      await client.query(patience);
      return dropUnlessLive(client, name);
    });
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') return false;
    throw error;
  }
}

async function isFolded(client: Client, name: string, made: string): Promise<boolean> {
  const live = await liveBuild(client);
  // A projector of the live build's version folds only the live build.
  const locks = [rebuildLock, lockOfBuild(name), ...(live?.made === made ? [] : [projectorLock(made)])];
  const { rows } = await client.query<{ free: boolean }>(
    'select bool_and(pg_try_advisory_xact_lock(hashtextextended(name, 0))) as free from unnest($1::text[]) name',
    [locks],
  );
  return !rows[0]!.free;
}
