import type { StoryContext } from '../around.js';
import type { ChangeView, EntryView } from '../view.js';
import { holdsWords, wordsIn } from './search.js';

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

/** The events with the new outcomes of their conditions. */
export const withFates = (events: readonly KeyEvent[], fates: NonNullable<ChangeView['conditions']>): KeyEvent[] =>
  events.map(event => {
    const conditions = event.modality.conditions.map(held => ({ ...held, ...fates[held.id] }));
    return { ...event, modality: { ...event.modality, conditions } };
  });

/** Whether the page's filter selects the update. */
export const passes = ({ actors, types, key, words }: Filter, entry: EntryView): boolean =>
  (actors.length === 0 || entry.actors.some(({ id }) => actors.includes(id))) &&
  (types.length === 0 || types.includes(entry.kind)) &&
  (!key || entry.key) &&
  holdsWords(entry.headline, wordsIn(words));
