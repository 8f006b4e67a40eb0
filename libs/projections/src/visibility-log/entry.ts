import type { NewRecord } from '#event-log';
import { z } from 'zod';

/** Positions that became visible to readers together, and when: ISO 8601, UTC, milliseconds. The topic keeps every entry; the table has the same. */
export const VisibilityEntry = z.strictObject({
  first: z.int().positive(),
  last: z.int().positive(),
  at: z.iso.datetime({ precision: 3 }),
});
export type VisibilityEntry = z.infer<typeof VisibilityEntry>;

/** The entries that count. The topic may hold one twice, or one that another projector sent late: only those that go beyond all earlier ones count. */
export function onlyBeyond(entries: readonly VisibilityEntry[], known: number): VisibilityEntry[] {
  let furthest = known;
  return entries.filter(({ last }) => last > furthest && (furthest = last));
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
