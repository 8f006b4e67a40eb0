import type { LogReader, LogRecord } from '#event-log';
import { Batches } from './batches.js';
import type { Checkpoint } from '../builds/checkpoints.js';
import { checkGenesis, checkLast, checkLength } from './guards.js';

/**
 * Hands over the log from the checkpoint on, in batches of at most `size`; each batch holds the records that arrived during the
 * previous one. Starts one record early, to check that the last applied record is unchanged. If reading fails, the records that had
 * arrived are handed over first. Rejects with LogReplaced, a LogError, or the error of `onBatch`.
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
  const batches = new Batches(size, onBatch, signal);
  const take = async (records: readonly LogRecord[]) => {
    const [first] = records;
    if (first && first.offset < next) checkLast(first, checkpoint);
    await batches.add(records.filter(record => record.offset >= next));
  };
  const over = new AbortController();
  const read = reader.read(Math.max(next - 1, 0), take, AbortSignal.any([signal, over.signal]));
  try {
    await Promise.race([read.finally(() => batches.idle()), batches.failed]);
  } finally {
    over.abort();
    await read.catch(() => undefined);
  }
}
