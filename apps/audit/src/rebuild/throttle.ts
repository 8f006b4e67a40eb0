import { handedOverAtOnce } from '#event-log';
import { setTimeout as sleep } from 'node:timers/promises';

/** Records folded at once: few if the rate is limited, so that the load is even. */
export const batchAt = (rate: number | undefined) =>
  Math.min(handedOverAtOnce, Math.max(1, Math.ceil((rate ?? Infinity) / 5)));

/** Milliseconds that a slow batch may lose and the next ones make up. A longer delay is not made up. */
const madeUpMs = 250;

/** Waits so that `rate` records a second are not exceeded. */
export function throttle(rate: number | undefined, signal: AbortSignal): (records: number) => Promise<void> {
  let due = 0;
  return async records => {
    if (rate === undefined) return;
    due = Math.max(due, performance.now() - madeUpMs) + (records / rate) * 1_000;
    const early = due - performance.now();
    if (early > 0) await sleep(early, undefined, { signal });
  };
}
