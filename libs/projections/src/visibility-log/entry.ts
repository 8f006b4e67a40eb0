import type { NewRecord } from '#event-log';
import { z } from 'zod';

/** The largest number that the table can hold. */
const Position = z.int().positive().max(2_147_483_647);

/** Positions that became visible to readers together, and when: ISO 8601, UTC, milliseconds. The topic keeps every entry; the table has the same. */
export const VisibilityEntry = z
  .strictObject({ first: Position, last: Position, at: z.iso.datetime({ precision: 3 }) })
  .refine(({ first, last }) => first <= last);
export type VisibilityEntry = z.infer<typeof VisibilityEntry>;

/**
 * The entries that count: positions and times only rise. The topic may hold an entry twice, or one that another projector sent late: only the
 * part that goes beyond all earlier ones counts.
 */
export function onlyBeyond(entries: readonly VisibilityEntry[], known?: VisibilityEntry): VisibilityEntry[] {
  let before: Pick<VisibilityEntry, 'last' | 'at'> = known ?? { last: 0, at: '' };
  return entries.flatMap(({ first, last, at }) => {
    if (last <= before.last) return [];
    const entry = { first: Math.max(first, before.last + 1), last, at: at > before.at ? at : before.at };
    before = entry;
    return [entry];
  });
}

/** How far the time of an entry may be ahead of the clock. */
const mostAheadMs = 3_600_000;

/** The entries that a projector can have written until `now`, if the log has so many records. Another writer made the others. */
export function onlyWithin(entries: readonly VisibilityEntry[], records: number, now: Date): VisibilityEntry[] {
  const latest = new Date(now.getTime() + mostAheadMs).toISOString();
  return entries.filter(({ last, at }) => last <= records && at <= latest);
}

/** The record of an entry in the visibility log's topic. The same entry gives the same bytes. */
export const encodeVisibility = ({ first, last, at }: VisibilityEntry): NewRecord => ({
  key: 'visible',
  headers: {},
  value: Buffer.from(JSON.stringify({ first, last, at })),
});

/** Decodes an entry; undefined if the record holds none, as it came from another writer. */
export function decodeVisibility(value: Uint8Array): VisibilityEntry | undefined {
  try {
    return VisibilityEntry.safeParse(JSON.parse(Buffer.from(value).toString())).data;
  } catch {
    return undefined;
  }
}
