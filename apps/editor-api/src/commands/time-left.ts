/** Gives the time that is left for an answer, in milliseconds; 0 when it is over. */
export type Left = () => number;

/** Starts a time limit of `ms` milliseconds now. */
export function timeLeft(ms: number): Left {
  const end = performance.now() + ms;
  return () => Math.max(0, end - performance.now());
}

/** What `within` resolves to when the time is over. */
export const late = Symbol('no time is left');

/** Resolves to the promise's value, or to `late` after `ms` milliseconds. The promise then continues without a listener. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof late>(resolve => {
    timer = setTimeout(resolve, ms, late);
  });
  return Promise.race([promise, over]).finally(() => clearTimeout(timer));
}
