import { z } from 'zod';

/** Positions that became visible to readers together, and when: ISO 8601, UTC, milliseconds. The topic keeps every entry; the table has the same. */
export const VisibilityEntry = z.strictObject({
  first: z.int().positive(),
  last: z.int().positive(),
  at: z.iso.datetime({ precision: 3 }),
});
export type VisibilityEntry = z.infer<typeof VisibilityEntry>;

/** The topic may hold an entry twice, or what another projector sent late: only what goes beyond all before is one. */
export function onlyBeyond(entries: readonly VisibilityEntry[], known: number): VisibilityEntry[] {
  let furthest = known;
  return entries.filter(({ last }) => last > furthest && (furthest = last));
}
