import type { Stores } from '#projections';
import type { Entry } from './entries.js';
import { known, pastOf, seen } from './past.js';
import { entryLines, type Told } from './told.js';

/** What the desk knew of a story at an instant (ISO 8601, UTC, milliseconds) and readers did not yet see. */
export function gap(stores: Stores, story: string, at: string): Promise<Told> {
  return pastOf(stores, story, async past => {
    const [visible, recorded] = [await seen(past, at), await known(past, { instant: at })];
    const entries = hidden(past.entries, { visible, recorded });
    const none = `At ${at} readers could see all that the desk had recorded of ${story}.`;
    return { json: { story, at, known: recorded, visible, entries }, lines: entryLines(entries, none) };
  });
}

/** What was recorded by one position, and either lay beyond the other or was under an embargo that had not been lifted by that. Pure. */
export function hidden(
  entries: readonly Entry[],
  by: { readonly visible: number; readonly recorded: number },
): Entry[] {
  const shown = entries.filter(({ position }) => position <= by.visible);
  const lifted = new Set(shown.filter(({ act }) => act === 'EmbargoLifted').map(({ development }) => development));
  return entries.filter(
    ({ position, embargoed, development }) =>
      position <= by.recorded && (position > by.visible || (embargoed && !lifted.has(development))),
  );
}
