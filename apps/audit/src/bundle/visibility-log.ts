import type { LogReader } from '#event-log';
import { decodeVisibility, onlyBeyond, type VisibilityEntry } from '#projections';
import { batchesOf } from '../candidate/batches.js';

/** The visibility log for positions up to `last`. An entry that covers more is cut there. */
export async function visibilityUpTo(reader: LogReader, last: number, signal: AbortSignal): Promise<VisibilityEntry[]> {
  const { next } = await reader.bounds();
  const entries: VisibilityEntry[] = [];
  if (next === 0) return entries;
  for await (const records of batchesOf(reader, signal)) {
    entries.push(...records.flatMap(({ value }) => decodeVisibility(value) ?? []));
    if (records.at(-1)!.offset + 1 >= next) break;
  }
  return onlyBeyond(entries, 0)
    .filter(({ first }) => first <= last)
    .map(entry => ({ ...entry, last: Math.min(entry.last, last) }));
}

/** The entries that cover at least one of these positions. Both lists are in order. */
export function covering(entries: readonly VisibilityEntry[], positions: readonly number[]): VisibilityEntry[] {
  let next = 0;
  return entries.filter(({ first, last }) => {
    while (positions[next]! < first) next++;
    return positions[next]! <= last;
  });
}
