import type { EventEmitter } from 'node:events';

/** Resolves with true once the connection has sent all of its buffer, or with false when that takes too long or the connection closes. */
export function drained(connection: EventEmitter, patienceMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const over = (taken: boolean) => {
      clearTimeout(timer);
      connection.off('drain', onDrain).off('close', onClose);
      resolve(taken);
    };
    const onDrain = () => over(true);
    const onClose = () => over(false);
    const timer = setTimeout(onClose, patienceMs).unref();
    connection.once('drain', onDrain).once('close', onClose);
  });
}
