import type { Clock } from '#pages';
import {
  changesOf,
  everyEntry,
  visibilityOf,
  type Reading,
  type TimelineRow,
  type VisibilityEntry,
} from '#projections';
import type { StoryView } from '../../story-at/index.js';

// Texts sort as instants do in the years that a moment can be asked for in: from 0000 to 9999, in UTC.
const sorted = (instants: readonly string[]) => [...new Set(instants)].filter(at => /^\d{4}-/.test(at)).sort();

/** The moments at which the story changed, by a clock: ISO 8601 in UTC, first to last. */
export async function momentsOf(reading: Reading, now: StoryView, clock: Clock): Promise<string[]> {
  if (clock === 'happened') {
    const rows = await now.page('story', everyEntry, null, null);
    return sorted(rows.flatMap(begun));
  }
  const changes = await changesOf(reading.client, now.story.story);
  if (clock === 'known') return sorted(changes.map(({ recorded }) => recorded));
  const shown = await visibilityOf(reading.client, changes[0]!.position, changes.at(-1)!.position);
  return sorted(instantsOf(changes, shown));
}

/** Of changes, in order, when each was shown, by the entries of the visibility log, in order. */
function instantsOf(changes: readonly { position: number }[], shown: readonly VisibilityEntry[]): string[] {
  let entry = 0;
  return changes.flatMap(({ position }) => {
    while (entry < shown.length && shown[entry]!.last < position) entry++;
    const covering = shown[entry];
    return covering && covering.first <= position ? [covering.at] : [];
  });
}

/** When it is known to have begun, or to have ended. */
const begun = ({ occurred }: TimelineRow) => {
  const known = occurred?.from ?? occurred?.to;
  return known === undefined ? [] : [new Date(known).toISOString()];
};

/** The last of the moments by then; 0 before the first. */
export const stepAt = (moments: readonly string[], at: string): number =>
  Math.max(
    moments.findLastIndex(moment => moment <= at),
    0,
  );
