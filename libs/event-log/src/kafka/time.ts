import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves as `work` does, or rejects with `TooLate` after `ms` milliseconds; `work` itself continues. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`No answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The work did not end within its limit. */
export class TooLate extends Error {}

/** Waits until `work` resolves or rejects, at most `ms` milliseconds. */
export const settled = (ms: number, work: Promise<unknown>): Promise<void> =>
  within(ms, work).then(
    () => undefined,
    () => undefined,
  );

/** Resolves after `ms` milliseconds, or at once when `signal` is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
