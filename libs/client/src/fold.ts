import type { Change, Entry, Page, ReadableEntry } from '#contract';

/** A reader's copy of a story: part of its timeline, newest first, at the position. */
export interface Timeline {
  readonly story: string;
  readonly position: number;
  /** Entries at earlier positions are unchanged while this number stays the same. */
  readonly rewrites?: number | undefined;
  readonly entries: readonly Entry[];
  /** The address of the next page; null if the copy is complete. */
  readonly next: string | null;
}

/** The timeline of a page that was loaded. */
export const timelineOf = ({ story, position, rewrites, entries, next }: Page): Timeline => ({
  story,
  position,
  rewrites,
  entries,
  next,
});

type Conditions = NonNullable<Change['conditions']>;
type Hanging = { readonly modality: ReadableEntry['modality'] };

function settled<Report extends Hanging>(report: Report, fates: Conditions): Report {
  if (!report.modality.conditions.some(({ id }) => Object.hasOwn(fates, id))) return report;
  const conditions = report.modality.conditions.map(held => {
    const now = Object.hasOwn(fates, held.id) ? fates[held.id] : undefined;
    return now ? { ...now, text: held.text, id: held.id } : held;
  });
  return { ...report, modality: { ...report.modality, conditions } };
}

function withFates(entry: Entry, fates: Conditions, position: number): Entry {
  if (entry.status === 'taken-down') return entry;
  const now = settled(entry, fates);
  return { ...now, changed: now === entry ? entry.changed : Math.max(entry.changed, position) };
}

/**
 * Applies a change to the timeline: changed entries replace their old versions, new ones go first. A change that was already applied
 * has no effect, so duplicates are harmless. Pure.
 */
export function applyChange(timeline: Timeline, change: Change): Timeline {
  if (change.position <= timeline.position) return timeline;
  const changed = new Map(change.entries.map(entry => [entry.id, entry]));
  const fates = change.conditions ?? {};
  const kept = timeline.entries.map(entry => {
    const now = changed.get(entry.id);
    changed.delete(entry.id);
    return now ?? withFates(entry, fates, change.position);
  });
  // An older entry that is missing here belongs to a page that was not loaded.
  const oldest = timeline.next === null ? 0 : (timeline.entries.at(-1)?.position ?? 0);
  const fresh = [...changed.values()].filter(({ position }) => position > oldest).reverse();
  const entries = fresh.reduceRight((held, entry) => inserted(held, entry), kept);
  return { ...timeline, position: change.position, entries };
}

/** Newest first; within one commit, the later event first. */
function inserted(entries: Entry[], entry: Entry): Entry[] {
  const at = entries.findIndex(({ position }) => position <= entry.position);
  return at < 0 ? [...entries, entry] : entries.toSpliced(at, 0, entry);
}
