import type { StoryContext } from '../around.js';
import type { ChangeView, EntryView } from '../view.js';
import { holdsWords, wordsIn } from './search.js';

/** As much of an entry as a line needs that names it. */
export type KeyEvent = Pick<EntryView, 'id' | 'headline' | 'status' | 'standing' | 'modality' | 'recorded'>;

/** Which updates the page shows; empty lists let everything through. */
export interface Filter {
  readonly actors: readonly string[];
  readonly types: readonly string[];
  readonly key: boolean;
  /** As the reader typed them. */
  readonly words: string;
}

/** What the page's script starts with. */
export interface ReaderState extends StoryContext {
  readonly position: number;
  /** What stands at earlier positions is as it is while this number is the same. */
  readonly rewrites: number | undefined;
  readonly order: 'newest' | 'story';
  readonly filter: Filter;
  /** Whether what comes next belongs on this page: at its top, or in the story's order at its end. */
  readonly grows: boolean;
  readonly pinned: string | null;
  readonly keyEvents: readonly KeyEvent[];
  readonly status: 'open' | 'closed';
}

export const keyEventOf = ({ id, headline, status, standing, modality, recorded }: EntryView): KeyEvent => ({
  id,
  headline,
  status,
  standing,
  modality,
  recorded,
});

/** The events with what became of the conditions that they hang on. */
export const withFates = (events: readonly KeyEvent[], fates: NonNullable<ChangeView['conditions']>): KeyEvent[] =>
  events.map(event => {
    const conditions = event.modality.conditions.map(held => ({ ...held, ...fates[held.id] }));
    return { ...event, modality: { ...event.modality, conditions } };
  });

/** Whether an update belongs on a page that is filtered so. */
export const passes = ({ actors, types, key, words }: Filter, entry: EntryView): boolean =>
  (actors.length === 0 || entry.actors.some(({ id }) => actors.includes(id))) &&
  (types.length === 0 || types.includes(entry.kind)) &&
  (!key || entry.key) &&
  holdsWords(entry.headline, wordsIn(words));
