import { LogError } from '#event-log';
import { tryLock, type Lock } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogContradictsHeads, writeHeads, type HeadWriting } from './write.js';

const retryMs = 1_000;

/** The inputs of `superviseHeads`: those of `writeHeads`, and a lock that elects one writer. */
export interface SupervisedHeads extends HeadWriting {
  readonly databaseUrl: string;
  readonly topic: string;
}

/**
 * Elects one of the log's projectors to write its heads, until `signal` is aborted. Rejects if the log cannot be read, or contradicts the
 * signed heads. Every other error leads to another try.
 */
export async function superviseHeads(it: SupervisedHeads, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const lock = await tryLock(it.databaseUrl, `dateline heads ${it.topic}`);
      if (lock) await lead(it, lock, signal);
    } catch (error) {
      if (error instanceof LogError || error instanceof LogContradictsHeads) throw error;
      if (!signal.aborted) it.log.warn(`No heads are signed: ${(error as Error).message}`);
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
