import pg from 'pg';
import { closeConnection, untilSilent } from './connection.js';
import { connectionOf } from './pool.js';

/** An advisory lock that this process holds. */
export interface Lock {
  /** Resolves when the lock may no longer be held: its connection was lost, or it was released. */
  readonly lost: Promise<void>;
  /** Resolves within two seconds. */
  release(): Promise<void>;
}

/**
 * After how many milliseconds without a sign of life the server frees the lock. The machine of a holder may be gone, or cut off, without the
 * server noticing: without this limit it notices after two hours.
 */
const freedAfterMs = 20_000;

/**
 * Takes the advisory lock of that name on a separate connection; undefined while another process holds it. A holder that is gone, cut off
 * or stopped has it for twenty seconds more.
 */
export async function tryLock(databaseUrl: string, name: string): Promise<Lock | undefined> {
  const client = new pg.Client(connectionOf(databaseUrl, { application: `lock ${name}` }));
  const over = new AbortController();
  const lost = new Promise<void>(resolve => over.signal.addEventListener('abort', () => resolve()));
  const end = () => over.abort();
  client.on('error', end);
  client.on('end', end);
  const release = async () => {
    await closeConnection(client);
    end();
  };
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>(
      `select set_config('idle_session_timeout', $2, false), pg_try_advisory_lock(hashtextextended($1, 0)) as held`,
      [name, `${freedAfterMs}ms`],
    );
    if (rows[0]?.held) {
      void untilSilent(client, over.signal).then(end, end);
      return { lost, release };
    }
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
