import type { LogReader, LogRecord } from '#event-log';
import type { Checkpoint } from './build.js';
import { checkGenesis, checkLast, checkLength } from './guards.js';

/**
 * Hands over the log from the checkpoint on, in batches of at most `size`. It begins one record early, to see that the
 * last one applied still stands there. Rejects with LogReplaced, with a LogError, or with what `onBatch` rejects with.
 */
export async function fetchFrom(
  reader: LogReader,
  checkpoint: Checkpoint,
  size: number,
  onBatch: (records: readonly LogRecord[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { next_offset: next } = checkpoint;
  await checkLength(reader, checkpoint);
  await checkGenesis(reader, checkpoint, signal);
  const take = async (records: readonly LogRecord[]) => {
    const [first] = records;
    if (first && first.offset < next) checkLast(first, checkpoint);
    const fresh = records.filter(record => record.offset >= next);
    for (let at = 0; at < fresh.length && !signal.aborted; at += size) await onBatch(fresh.slice(at, at + size));
  };
  await reader.read(Math.max(next - 1, 0), take, signal);
}
