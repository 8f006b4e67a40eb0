import type { LogReader, LogRecord } from '#event-log';
import type { Pool } from '#postgres';
import type { VisibilityEntry } from './entry.js';
import { decodeVisibility } from './record.js';
import { lastVisibility, takeOverVisibility } from './table.js';

/**
 * Restores the visibility log's table from its topic where the topic holds more: after Postgres was lost, or restored from an old
 * backup.
 */
export async function readBackVisibility(pool: Pool, reader: LogReader, signal: AbortSignal): Promise<void> {
  const { next } = await reader.bounds();
  if (next === 0) return;
  const known = (await lastVisibility(pool))?.last ?? 0;
  let newest: VisibilityEntry | undefined;
  const look = async (entries: readonly VisibilityEntry[]) => void (newest = entries.at(-1) ?? newest);
  if (known > 0) await readUntil(reader, next - 1, next, look, signal);
  if (known === 0 || (newest && newest.last > known))
    await readUntil(reader, 0, next, entries => takeOverVisibility(pool, entries), signal);
}

async function readUntil(
  reader: LogReader,
  from: number,
  next: number,
  take: (entries: readonly VisibilityEntry[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const onBatch = async (records: readonly LogRecord[]) => {
    // A record that is not an entry came from another writer. Positions of a lost entry stay without a time.
    await take(records.flatMap(({ value }) => decodeVisibility(value) ?? []));
    if (records.at(-1)!.offset + 1 >= next) done.abort();
  };
  await reader.read(from, onBatch, AbortSignal.any([done.signal, signal]));
}
