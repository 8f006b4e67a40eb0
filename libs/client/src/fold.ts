import type { Change, Entry, Page, ToldEntry } from '#contract';

/** What a reader's app holds of a story: a stretch of its timeline, newest first, as it stands at the position. */
export interface Timeline {
  readonly story: string;
  readonly position: number;
  /** What stands at earlier positions is as it is while this number is the same. */
  readonly rewrites?: number | undefined;
  readonly entries: readonly Entry[];
  /** Where the page that follows is; null where these are all. */
  readonly next: string | null;
}

export const timelineOf = ({ story, position, rewrites, entries, next }: Page): Timeline => ({
  story,
  position,
  rewrites,
  entries,
  next,
});

type Conditions = NonNullable<Change['conditions']>;
type Hanging = { readonly modality: ToldEntry['modality'] };

function settled<Told extends Hanging>(told: Told, fates: Conditions): Told {
  if (!told.modality.conditions.some(({ id }) => Object.hasOwn(fates, id))) return told;
  const conditions = told.modality.conditions.map(held => {
    const now = Object.hasOwn(fates, held.id) ? fates[held.id] : undefined;
    return now ? { ...now, text: held.text, id: held.id } : held;
  });
  return { ...told, modality: { ...told.modality, conditions } };
}

function withFates(entry: Entry, fates: Conditions, position: number): Entry {
  if (entry.status === 'taken-down') return entry;
  const now = settled(entry, fates);
  return { ...now, changed: now === entry ? entry.changed : Math.max(entry.changed, position) };
}

/**
 * The timeline after a change: what was corrected, retracted or taken down takes the place of what stood there, what is
 * new goes in front. A change that is known already changes nothing, so none counts twice. Pure.
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
  // What is older than the stretch held, and is not in it, is on a page that was not loaded.
  const oldest = timeline.next === null ? 0 : (timeline.entries.at(-1)?.position ?? 0);
  const fresh = [...changed.values()].filter(({ position }) => position > oldest).reverse();
  const entries = fresh.reduceRight((held, entry) => inserted(held, entry), kept);
  return { ...timeline, position: change.position, entries };
}

/** Newest first; of one commit, what was told later stands before. */
function inserted(entries: Entry[], entry: Entry): Entry[] {
  const at = entries.findIndex(({ position }) => position <= entry.position);
  return at < 0 ? [...entries, entry] : entries.toSpliced(at, 0, entry);
}
