const day = 86_400_000;

/** How many days on the latest day begins that is the story's, counted as there. `first` and `now`: instants. */
export const daysSince = (first: string, now: number): number => Math.floor((now - Date.parse(first)) / day);

/** The same time of day, with the same offset, so many days on. */
export function moved(instant: string, days: number): string {
  const date = new Date(Date.parse(`${instant.slice(0, 10)}T00:00:00Z`) + days * day);
  return date.toISOString().slice(0, 10) + instant.slice(10);
}

/** A content that tells of so many days on; what has no time keeps none. */
export function movedContent<
  C extends { readonly occurred: { readonly from?: string | undefined; readonly to?: string | undefined } },
>(content: C, days: number): C {
  const { from, to, ...rest } = content.occurred;
  const times = { ...(from && { from: moved(from, days) }), ...(to && { to: moved(to, days) }) };
  return { ...content, occurred: { ...rest, ...times } };
}
