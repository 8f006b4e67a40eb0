import type { ChangeView, EntryView } from './view.js';

/** The API's placeholder of a development that was taken down. */
export type TakenDownView = Pick<
  EntryView,
  'id' | 'kind' | 'recorded' | 'by' | 'changed' | 'status' | 'key' | 'pinned' | 'supersededBy' | 'takedown'
> & { readonly headline: null };
/** An entry as the API gives it. */
export type GivenEntry = EntryView | TakenDownView;
/** A change as the API gives it. */
export type GivenChange = Omit<ChangeView, 'entries'> & { readonly entries: readonly GivenEntry[] };

/** An entry as pages show it: for a taken-down one, only the fact, with its kind in the headline's place. */
export function shownEntry(entry: GivenEntry): EntryView {
  if (entry.headline !== null) return entry;
  return {
    ...entry,
    headline: entry.kind,
    bodyHtml: null,
    data: null,
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted', conditions: [] },
    byline: null,
    standing: 'reported',
    actors: [],
    links: [],
    checks: [],
    corrections: [],
    edits: [],
    retraction: null,
  };
}

/** A change as pages show it. */
export const shownChange = ({ entries, ...change }: GivenChange): ChangeView => ({
  ...change,
  entries: entries.map(shownEntry),
});
