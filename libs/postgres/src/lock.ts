import pg from 'pg';
import { closeConnection } from './connection.js';
import { connectionOf } from './pool.js';

/** An advisory lock that this process holds. */
export interface Lock {
  /** Resolves when the lock may no longer be held: its connection was lost, or it was released. */
  readonly lost: Promise<void>;
  /** Resolves within two seconds. */
  release(): Promise<void>;
}

/** Takes the advisory lock of that name on a separate connection; undefined while another process holds it. */
export async function tryLock(databaseUrl: string, name: string): Promise<Lock | undefined> {
  const client = new pg.Client(connectionOf(databaseUrl, { application: `lock ${name}` }));
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  client.on('error', () => resolve());
  client.on('end', () => resolve());
  const release = () => closeConnection(client);
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [name],
    );
    if (rows[0]?.held) return { lost, release };
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return undefined;
}

/**
 * Runs `work` while these locks are held, and releases them. The signal that `work` gets is aborted with `signal`, and with `broken` once a lock is
 * lost. Rejects like `work`, but with `broken` if that is why it ended.
 */
export async function whileHeld<T>(
  locks: readonly Lock[],
  broken: Error,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  for (const lock of locks) void lock.lost.then(() => lost.abort(broken));
  const held = AbortSignal.any([signal, lost.signal]);
  try {
    return await work(held);
  } catch (error) {
    throw held.reason === broken ? broken : error;
  } finally {
    await Promise.all(locks.map(lock => lock.release()));
  }
}
