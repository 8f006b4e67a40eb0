import { isLinked } from '#client';
import { titleOf } from '../entry/state.js';
import type { StoryContext } from '../page-context.js';
import type { ChangeView, EntryView, LinkView } from '../view.js';
import type { Words } from '../words/index.js';

// Search in a story: a headline must contain each of the words, in any case and place.

/** The longest search, in characters, and the most words in it. */
export const longestSearch = 100;
/** The most words in a search. */
export const mostWords = 8;

/** The words of a search. */
export const wordsIn = (text: string): string[] => text.split(/\s+/u).filter(Boolean);

/** Whether a headline contains each of the words; false for a taken-down entry, which has none. */
export const holdsWords = (headline: string | null, words: readonly string[]): boolean => {
  const lowered = (headline ?? '').toLowerCase();
  return words.every(word => lowered.includes(word.toLowerCase()));
};

/** The fields of an entry that a line in a list needs. */
export type KeyEvent = Pick<EntryView, 'id' | 'headline' | 'status' | 'standing' | 'modality' | 'recorded'>;

/** Selects the updates on the page; empty lists select all. */
export interface Filter {
  readonly actors: readonly string[];
  readonly types: readonly string[];
  readonly key: boolean;
  /** As the reader typed them. */
  readonly words: string;
}

/** The initial state of the page's script. */
export interface ReaderState extends StoryContext {
  readonly position: number;
  /** Entries at earlier positions are unchanged while this number stays the same. */
  readonly rewrites: number | undefined;
  readonly order: 'newest' | 'story';
  readonly filter: Filter;
  /** Whether new updates belong on this page: at its top, or, in story order, at its end. */
  readonly grows: boolean;
  readonly pinned: string | null;
  readonly keyEvents: readonly KeyEvent[];
  readonly status: 'open' | 'closed';
}

/** The fields of an entry for the list of key events. */
export const keyEventOf = ({ id, headline, status, standing, modality, recorded }: EntryView): KeyEvent => ({
  id,
  headline,
  status,
  standing,
  modality,
  recorded,
});

/** The entries with the new outcomes of their conditions, each of which keeps its own words. */
export const withFates = <Held extends Pick<EntryView, 'modality'>>(
  entries: readonly Held[],
  fates: NonNullable<ChangeView['conditions']>,
): Held[] =>
  entries.map(entry => {
    const conditions = entry.modality.conditions.map(held => ({ ...held, ...fates[held.id], text: held.text }));
    return { ...entry, modality: { ...entry.modality, conditions } };
  });

/** What links to updates say, by the update's id; null where no link leads there any more. */
export type LinkTitles = ReadonlyMap<string, Pick<LinkView, 'title'> | null>;

/** What links to these updates say after they changed. */
export const linkTitlesOf = (entries: readonly EntryView[], words: Words): LinkTitles =>
  new Map(
    entries.map(entry => [
      entry.id,
      isLinked(entry.status) ? { title: titleOf(entry, words, { fates: false }) } : null,
    ]),
  );

/** Whether the page's filter selects the update. */
export const passes = ({ actors, types, key, words }: Filter, entry: EntryView): boolean =>
  (actors.length === 0 || entry.actors.some(({ id }) => actors.includes(id))) &&
  (types.length === 0 || types.includes(entry.kind)) &&
  (!key || entry.key) &&
  holdsWords(entry.headline, wordsIn(words));
