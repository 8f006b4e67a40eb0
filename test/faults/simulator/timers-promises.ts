// What the simulated processes get for `node:timers/promises`.
import { current } from './scheduler.js';

interface Options {
  readonly signal?: AbortSignal | undefined;
}

function waited<T>(ms: number, value: T, { signal }: Options = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = current().after(ms, () => resolve(value));
    signal?.addEventListener('abort', () => (cancel(), reject(signal.reason as Error)), { once: true });
  });
}

export const setTimeout = <T>(ms = 1, value?: T, options?: Options) => waited(Math.max(1, ms), value, options);
export const setImmediate = <T>(value?: T, options?: Options) => waited(0, value, options);
