import type { Clock } from '#pages';
import { beginningsOf, changesOf, momentsSeen, type Reading } from '#projections';

/** How many of a story's latest changes the slider has a step for; each is 27 bytes of the page. */
export const momentLimit = 5_000;

// Texts sort as instants do in the years that a moment can be asked for in: from 0000 to 9999, in UTC.
const sorted = (instants: readonly string[]) => [...new Set(instants)].filter(at => /^\d{4}-/.test(at)).sort();

export interface Moments {
  /** ISO 8601 in UTC, first to last. */
  readonly moments: readonly string[];
  /** Whether the story had changed before, more often than the slider has steps. */
  readonly earlier: boolean;
}

/** The moments at which the story changed, by a clock, of its latest changes. */
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

/** The last of the moments by then; 0 before the first. */
export const stepAt = (moments: readonly string[], at: string): number =>
  Math.max(
    moments.findLastIndex(moment => moment <= at),
    0,
  );
