import { LogError } from '#event-log';
import { tryLock, type Lock } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogContradictsHeads, writeHeads, type HeadWriting } from './write.js';

const retryMs = 1_000;

export interface SupervisedHeads extends HeadWriting {
  readonly databaseUrl: string;
  readonly topic: string;
}

/**
 * Of all projectors of a log one writes its heads, until `signal` is aborted. Rejects where the log cannot be read, or is
 * not the one of which heads were signed; anything else is tried again.
 */
export async function superviseHeads(it: SupervisedHeads, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const lock = await tryLock(it.databaseUrl, `dateline heads ${it.topic}`);
      if (lock) await lead(it, lock, signal);
    } catch (error) {
      if (error instanceof LogError || error instanceof LogContradictsHeads) throw error;
      it.log.warn(`No heads are signed: ${(error as Error).message}`);
    }
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function lead(it: SupervisedHeads, lock: Lock, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  void lock.lost.then(() => lost.abort());
  try {
    await writeHeads(it, AbortSignal.any([signal, lost.signal]));
  } finally {
    await lock.release();
  }
}
