import { inTransaction, tryLock, type Lock, type Pool } from '#postgres';
import { buildName, dropBuild, rebuildLock, unfinishedBuilds, type Projection } from '#projections';
import { randomUUID } from 'node:crypto';
import { RebuildError } from './errors.js';

/** One rebuild at a time; what it says then is where the other one stands. */
export async function lockRebuilds(pool: Pool, databaseUrl: string): Promise<Lock> {
  const lock = await tryLock(databaseUrl, rebuildLock);
  if (lock) return lock;
  const [other] = await unfinishedBuilds(pool);
  throw new RebuildError('another-runs', other && `${other.name} is at position ${other.position}`);
}

/** The name to build under: of the rebuild that can be gone on with, or a new one; names are never used again. */
export async function nameOf(pool: Pool, all: readonly Projection[], named: readonly string[]): Promise<string> {
  const made = buildName(all);
  const [begun] = await unfinishedBuilds(pool);
  if (!begun) return `${made}_${randomUUID().slice(0, 8)}`;
  const of = begun.folded?.join(' ');
  if (begun.made !== made) throw new RebuildError('unfinished-other', `${begun.name}, of another version`);
  // One that holds all serves any wish.
  if (of !== undefined && of !== named.join(' '))
    throw new RebuildError('unfinished-other', `${begun.name} was started with: ${of}`);
  return begun.name;
}

/** Drops what a rebuild has begun, of whatever version. Gives the names. */
export async function abort(pool: Pool, databaseUrl: string): Promise<string[]> {
  const lock = await lockRebuilds(pool, databaseUrl);
  try {
    const begun = await unfinishedBuilds(pool);
    for (const { name } of begun) await inTransaction(pool, 'write', client => dropBuild(client, name));
    return begun.map(({ name }) => name);
  } finally {
    await lock.release();
  }
}
