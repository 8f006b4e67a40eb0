import { inTransaction, tryLock, type Lock, type Pool } from '#postgres';
import { buildName, dropBuild, rebuildLock, unfinishedBuilds, type Projection } from '#projections';
import { randomUUID } from 'node:crypto';
import { RebuildError } from './errors.js';

/** Takes the lock that allows one rebuild at a time. If another one runs, the error contains its progress. */
export async function lockRebuilds(pool: Pool, databaseUrl: string): Promise<Lock> {
  const lock = await tryLock(databaseUrl, rebuildLock);
  if (lock) return lock;
  const [other] = await unfinishedBuilds(pool);
  throw new RebuildError('another-runs', other && `${other.name} is at position ${other.position}`);
}

/** The build's name: of the rebuild that can be continued, or a new one. Names are never used again. */
export async function nameOf(pool: Pool, all: readonly Projection[], named: readonly string[]): Promise<string> {
  const made = buildName(all);
  const [begun] = await unfinishedBuilds(pool);
  if (!begun) return `${made}_${randomUUID().slice(0, 8)}`;
  const of = begun.folded?.join(' ');
  if (begun.made !== made) throw new RebuildError('unfinished-other', `${begun.name}, of another version`);
  // A build of all projections satisfies any request.
  if (of !== undefined && of !== named.join(' '))
    throw new RebuildError('unfinished-other', `${begun.name} was started with: ${of}`);
  return begun.name;
}

/** Drops the unfinished builds of a rebuild, of any version. Resolves to their names. */
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
