const day = 86_400_000;

/** The number of whole days from `first`, the start of the story's first day, to `now` (milliseconds since 1970). */
export const daysSince = (first: string, now: number): number => Math.floor((now - Date.parse(first)) / day);

/** The same time of day with the same offset, `days` later. */
export function moved(instant: string, days: number): string {
  const date = new Date(Date.parse(`${instant.slice(0, 10)}T00:00:00Z`) + days * day);
  return date.toISOString().slice(0, 10) + instant.slice(10);
}

/** Moves a content by `days`. A content without a time stays the same. */
export function movedContent<
  C extends { readonly occurred: { readonly from?: string | undefined; readonly to?: string | undefined } },
>(content: C, days: number): C {
  const { from, to, ...rest } = content.occurred;
  const times = { ...(from && { from: moved(from, days) }), ...(to && { to: moved(to, days) }) };
  return { ...content, occurred: { ...rest, ...times } };
}
