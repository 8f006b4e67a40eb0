import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Calls it once the response is closed: at once if it is closed already, because the event comes only once. */
export function onceClosed(response: ServerResponse, call: () => void): void {
  if (response.destroyed) call();
  else response.once('close', call);
}

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
