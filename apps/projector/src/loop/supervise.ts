import { LogError } from '#event-log';
import { tryLock, type Lock } from '#postgres';
import { buildName, LogReplaced, projectorLock } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { fold, type FoldOptions } from './apply.js';

const retryMs = 1_000;

export interface Supervised extends FoldOptions {
  readonly databaseUrl: string;
}

/**
 * Leads or stands by until `signal` is aborted: of all projectors of a build only the one with the lock folds, and
 * should two think that they lead, the checkpoint lets only one of them write. Rejects where going on could do harm:
 * the log cannot be read, or is not the build's. Anything else, such as a lost database, is tried again.
 */
export async function supervise(it: Supervised, signal: AbortSignal): Promise<void> {
  const build = buildName(it.projections);
  while (!signal.aborted) {
    try {
      const lock = await tryLock(it.databaseUrl, projectorLock(build));
      if (lock) await lead(it, lock, build, signal);
      else it.status.standsBy();
    } catch (error) {
      if (error instanceof LogError || error instanceof LogReplaced) throw error;
      it.status.standsBy(describe(error));
      it.log.warn(`retrying: ${it.status.trouble}`);
    }
    if (!signal.aborted) await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function lead(it: Supervised, lock: Lock, build: string, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  void lock.lost.then(() => lost.abort());
  it.status.leads();
  it.log.info(`leads ${build}`);
  try {
    await fold(it, AbortSignal.any([signal, lost.signal]));
    if (!signal.aborted) it.log.warn('the lock was lost: standing by');
  } finally {
    it.status.standsBy();
    await lock.release();
  }
}

/** Never empty, as the message of a refused connection to several addresses is. */
const describe = (error: unknown) => (error as Error).message || String((error as { code?: string }).code ?? error);
