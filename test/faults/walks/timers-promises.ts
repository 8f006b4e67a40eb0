// What the processes of a walk get for `node:timers/promises`.
import { setImmediate as immediate } from 'node:timers/promises';
import { after } from './processes.js';

interface Options {
  readonly signal?: AbortSignal | undefined;
}

export const setTimeout = <T>(ms = 1, value?: T, { signal }: Options = {}): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = after(Math.max(1, ms), () => resolve(value as T));
    signal?.addEventListener('abort', () => (cancel(), reject(signal.reason as Error)), { once: true });
  });

export const setImmediate = immediate;
