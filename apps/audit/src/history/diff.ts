import type { Stores } from '#projections';
import type { Moment } from './moments.js';
import { known, pastOf } from './past.js';
import { entriesTold, entryLines, type Told } from './told.js';

/** What was changed in a story after one moment and up to another, by whom and why. */
export function diff(
  stores: Stores,
  story: string,
  between: { readonly from: Moment; readonly to: Moment },
): Promise<Told> {
  return pastOf(stores, story, async past => {
    const [from, to] = [await known(past, between.from), await known(past, between.to)];
    if (from > to) throw new Error(`--from is position ${from}, which is after --to, position ${to}.`);
    const entries = past.entries.filter(({ position }) => position > from && position <= to);
    const none = `Nothing was changed in ${story} after position ${from} and up to ${to}.`;
    return { json: { story, from, to, ...entriesTold(entries) }, lines: entryLines(entries, none) };
  });
}
