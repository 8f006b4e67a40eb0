import type { Clock } from '#pages';
import { beginningsOf, changesOf, momentsSeen, type Reading } from '#projections';

/** Maximum number of steps of the slider: a story's latest changes. Each step adds 27 bytes to the page. */
export const momentLimit = 1_000;

// In the years from 0000 to 9999 in UTC, which are the only ones accepted, texts sort as instants do.
const sorted = (instants: readonly string[]) => [...new Set(instants)].filter(at => /^\d{4}-/.test(at)).sort();

/** The steps of the slider. */
export interface Moments {
  /** ISO 8601 in UTC, first to last. */
  readonly moments: readonly string[];
  /** Whether earlier changes exist for which the slider has no step. */
  readonly earlier: boolean;
}

/** The instants of a story's latest changes, by one of its clocks. */
export async function momentsOf(
  { client }: Reading,
  story: string,
  clock: Clock,
  limit = momentLimit,
): Promise<Moments> {
  if (clock === 'happened') {
    const begun = await beginningsOf(client, story, limit + 1);
    const moments = sorted(begun.slice(0, limit).map(at => new Date(at).toISOString()));
    return { moments, earlier: begun.length > limit };
  }
  const found = await changesOf(client, story, limit + 1);
  const changes = found.slice(0, limit);
  const instants =
    clock === 'known'
      ? changes.map(({ recorded }) => recorded)
      : await momentsSeen(
          client,
          changes.map(({ position }) => position),
        );
  return { moments: sorted(instants), earlier: found.length > limit };
}

/** The number of the last moment at or before `at`; 0 before the first. */
export const stepAt = (moments: readonly string[], at: string): number =>
  Math.max(
    moments.findLastIndex(moment => moment <= at),
    0,
  );
