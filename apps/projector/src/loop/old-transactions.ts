import type { Pool } from '#postgres';
import { endOldTransactions } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 30_000;

/** Looks for old transactions of readers until `signal` is aborted. A failed look is repeated later. */
export async function watchTransactions(
  pool: Pool,
  log: { warn(message: string): void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const ended = await endOldTransactions(pool).catch(() => 0);
    if (ended > 0) log.warn(`ended ${ended} transactions of the reader-api’s role that ran too long`);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
