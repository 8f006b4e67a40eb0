import { inTransaction, type Client, type Pool } from '#postgres';
import { dropBuild } from './build.js';
import type { Checkpoint } from './checkpoints.js';
import { projectorLock } from './swap.js';
import { liveBuild } from './checkpoints.js';

/** Whoever makes, or goes on with, a build that is no projector's leads by this lock. */
export const rebuildLock = 'dateline rebuild';
/** Held by whoever makes a build of this name that is not to last. */
export const lockOfBuild = (name: string) => `dateline ${name}`;

/** A reader of an old build must not hold up what is live. */
const patience = `set local lock_timeout = '200ms'`;

export interface Outdated {
  /** Names of the builds that are gone, those among them that were to be kept. */
  readonly dropped: readonly string[];
  /** Names of those that are still being folded, or read: they are to be looked at again. */
  readonly busy: readonly string[];
}

/**
 * Drops every build that nobody folds any more and that has not come to the last takedown of the live one: it holds what was
 * taken down, whoever wished to keep it. Those that are folded come to it by themselves.
 */
export async function dropOutdated(pool: Pool): Promise<Outdated> {
  const { rows } = await pool.query<Checkpoint>(
    `select build.* from dateline.build join dateline.build now on now.live
     where not build.live and coalesce(build.shredded, 0) < now.shredded order by build.name`,
  );
  const dropped: string[] = [];
  const busy: string[] = [];
  for (const { name, made } of rows) ((await dropUnlessBusy(pool, name, made)) ? dropped : busy).push(name);
  return { dropped, busy };
}

async function dropUnlessBusy(pool: Pool, name: string, made: string): Promise<boolean> {
  try {
    return await inTransaction(pool, 'write', async client => {
      if (await isFolded(client, name, made)) return false;
      await client.query(patience);
      await dropBuild(client, name);
      return true;
    });
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') return false;
    throw error;
  }
}

async function isFolded(client: Client, name: string, made: string): Promise<boolean> {
  const live = await liveBuild(client);
  // The projector of the live build's version folds that one alone.
  const locks = [rebuildLock, lockOfBuild(name), ...(live?.made === made ? [] : [projectorLock(made)])];
  const { rows } = await client.query<{ free: boolean }>(
    'select bool_and(pg_try_advisory_xact_lock(hashtextextended(name, 0))) as free from unnest($1::text[]) name',
    [locks],
  );
  return !rows[0]!.free;
}
