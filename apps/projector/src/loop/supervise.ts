import { LogError } from '#event-log';
import { tryLock, type Lock } from '#postgres';
import { buildName, LogReplaced, projectorLock } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import { fold, type FoldOptions } from './apply.js';

const retryMs = 1_000;

/** The inputs of `supervise`: those of `fold`, and the lock that elects a leader. */
export interface Supervised extends FoldOptions {
  readonly databaseUrl: string;
}

/**
 * Leads or is on standby until `signal` is aborted. Of a build's projectors only the holder of the lock folds; if two consider themselves
 * leaders, the checkpoint lets only one write. Rejects if continuing could do harm: the log cannot be read, or is not the build's. Every
 * other error, such as a lost database, leads to another try.
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
    const ending = AbortSignal.any([signal, lost.signal]);
    for (let again = true; again && !ending.aborted;) again = await fold(it, ending);
    if (!signal.aborted) it.log.warn('the lock was lost: standing by');
  } finally {
    it.status.standsBy();
    await lock.release();
  }
}

/** A text for an error that is never empty. The message of a connection refused by several addresses is empty. */
const describe = (error: unknown) => (error as Error).message || String((error as { code?: string }).code ?? error);
