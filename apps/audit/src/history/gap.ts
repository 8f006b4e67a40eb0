import type { Stores } from '#projections';
import { known, pastOf, seen } from './past.js';
import { entryLines, type Told } from './told.js';

/** What the desk knew of a story at an instant (ISO 8601, UTC, milliseconds) and readers did not yet see. */
export function gap(stores: Stores, story: string, at: string): Promise<Told> {
  return pastOf(stores, story, async past => {
    const [visible, recorded] = [await seen(past, at), await known(past, { instant: at })];
    const entries = past.entries.filter(({ position }) => position > visible && position <= recorded);
    const none = `At ${at} readers could see all that the desk had recorded of ${story}.`;
    return { json: { story, at, known: recorded, visible, entries }, lines: entryLines(entries, none) };
  });
}
