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

/** Whether an entry with this status can be the target of a link: of a retracted one and a taken-down one, readers get none. */
export const isLinked = (status: Entry['status']): boolean => status === 'active' || status === 'superseded';

/**
 * The links after a change. `said`: what a link to a changed entry says now, by the entry's id; null where no link leads there any more.
 */
export const relinked = <Link extends { readonly development: string }>(
  links: readonly Link[],
  said: ReadonlyMap<string, Partial<Link> | null>,
): Link[] =>
  links.flatMap(link => {
    const now = said.get(link.development);
    return now === null ? [] : [{ ...link, ...now }];
  });

type LinkView = ReadableEntry['links'][number];
type Said = ReadonlyMap<string, Partial<LinkView> | null>;

/** A link says of an entry what the entry says of itself. */
function linkTo(entry: Entry): Partial<LinkView> | null {
  if (entry.headline === null || !isLinked(entry.status)) return null;
  const { headline, headlineHtml, title } = entry;
  return { headline, headlineHtml, title };
}

const withLinks = (entry: Entry, said: Said): Entry =>
  entry.status === 'taken-down' ? entry : { ...entry, links: relinked(entry.links, said) };

/**
 * Applies a change to the timeline: changed entries replace their old versions, new ones go first, and links to them say their new titles. A
 * change that was already applied has no effect, so duplicates are harmless. Pure.
 */
export function applyChange(timeline: Timeline, change: Change): Timeline {
  if (change.position <= timeline.position) return timeline;
  const changed = new Map(change.entries.map(entry => [entry.id, entry]));
  const fates = change.conditions ?? {};
  const said = new Map(change.entries.map(entry => [entry.id, linkTo(entry)]));
  const kept = timeline.entries.map(entry => {
    const now = changed.get(entry.id);
    changed.delete(entry.id);
    return now ?? withLinks(withFates(entry, fates, change.position), said);
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
