import { asOf } from './as-of.js';
import { developmentsOf, type ReadableCommit, type ShownEvent } from './fold.js';

/** A settled condition without a development to date it, a new header, or key points: only its recording time is known. */
const isUndated = ({ type, data }: ShownEvent) =>
  type === 'StoryAmended' ||
  type === 'KeyPointWritten' ||
  type === 'KeyPointsSet' ||
  ((type === 'ConditionSettled' || type === 'ConditionSettledSealed') && data.development === undefined);

/**
 * Selects from one story's commits the facts known to have happened by an instant (milliseconds since 1970): drops events about
 * developments not known to have begun by then, and settlements of conditions not known to have happened by then.
 */
export function happenedBy(ofStory: readonly ReadableCommit[], instant: number): ReadableCommit[] {
  const begun = (row: { readonly begun: number | null }) => row.begun !== null && row.begun <= instant;
  const later = new Set(asOf(ofStory, []).timeline.flatMap(row => (begun(row) ? [] : [row.development])));
  const happened = ({ recorded }: ReadableCommit, event: ShownEvent) =>
    isUndated(event) ? Date.parse(recorded) <= instant : !developmentsOf({ events: [event] }).some(id => later.has(id));
  return ofStory
    .map(commit => ({ ...commit, events: commit.events.filter(event => happened(commit, event)) }))
    .filter(({ events }) => events.length > 0);
}
