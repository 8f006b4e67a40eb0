import { LogError } from '../port.js';
import type { OneConsumer } from './consumer.js';
import type { Cursor } from './cursor.js';
import type { Bounds } from './integrity.js';
import { pause } from './time.js';
import { Watchdog } from './watchdog.js';

interface Supervised {
  readonly consumer: OneConsumer;
  readonly cursor: Cursor;
  readonly patience: number;
  /** Resolves with the log's bounds. Rejects with `log-unreachable`, or with the reason why this is not the log that was read so far. */
  check(): Promise<Bounds>;
}

const intervalMs = 1_000;
/** How many checks in a row may fail to reach the log. */
const unreachableLooks = 5;

/**
 * Checks the log and the reader's progress until `over` is aborted, and ends the consumer on a fault. `first` resolves with whether the
 * first check passed.
 */
export function supervise(it: Supervised, over: AbortSignal): { readonly first: Promise<boolean> } {
  const watchdog = new Watchdog(it.patience);
  let missed = 0;

  async function look(mayMiss: number): Promise<boolean> {
    try {
      const { next: end } = await it.check();
      missed = 0;
      const { next: handed, busy } = it.cursor;
      if (!watchdog.stalled({ now: performance.now(), handed, busy, end })) return true;
      it.consumer.end({ kind: 'again', error: new LogError('log-stalled', `at offset ${handed} of ${end}`) });
    } catch (error) {
      const unreachable = (error as LogError).code === 'log-unreachable';
      if (unreachable && ++missed <= mayMiss) return true;
      it.consumer.end({ kind: unreachable ? 'again' : 'final', error: error as Error });
    }
    return false;
  }

  async function keepLooking(fine: boolean): Promise<void> {
    while (fine && !over.aborted) {
      await pause(intervalMs, over);
      fine = over.aborted || (await look(unreachableLooks));
    }
  }

  const first = look(0);
  void first.then(keepLooking);
  return { first };
}
