import type { Stores } from '#projections';
import type { Moment } from './moments.js';
import { known, pastOf } from './past.js';
import { entriesAnswer, entryLines, type HistoryAnswer } from './answer.js';

/** The changes of a story after one moment and up to another, with their authors and reasons. */
export function diff(
  stores: Stores,
  story: string,
  between: { readonly from: Moment; readonly to: Moment },
): Promise<HistoryAnswer> {
  return pastOf(stores, story, async past => {
    const [from, to] = [await known(past, between.from), await known(past, between.to)];
    if (from > to) throw new Error(`--from (position ${from}) is later than --to (position ${to}). Swap them.`);
    const entries = past.entries.filter(({ position }) => position > from && position <= to);
    const none = `${story} did not change after position ${from} up to position ${to}.`;
    return { json: { story, from, to, ...entriesAnswer(entries) }, lines: entryLines(entries, none) };
  });
}
