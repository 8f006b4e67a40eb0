import type { Occurred } from '#domain';
import type { Told } from '../around.js';
import type { EntryView } from '../view.js';

export interface KeyEvent {
  readonly id: string;
  readonly headline: string;
  readonly occurred: Occurred;
  readonly recorded: string;
}

/** Which updates the page shows; empty lists let everything through. */
export interface Filter {
  readonly actors: readonly string[];
  readonly types: readonly string[];
  readonly key: boolean;
}

/** What the page's script starts with. */
export interface ReaderState extends Told {
  readonly position: number;
  readonly order: 'newest' | 'story';
  readonly filter: Filter;
  /** Whether what comes next belongs on this page: at its top, or in the story's order at its end. */
  readonly grows: boolean;
  readonly pinned: string | null;
  readonly keyEvents: readonly KeyEvent[];
  readonly status: 'open' | 'closed';
}

export const keyEventOf = ({ id, headline, occurred, recorded }: EntryView): KeyEvent => ({
  id,
  headline,
  occurred,
  recorded,
});

/** Whether an update belongs on a page that is filtered so. */
export const passes = ({ actors, types, key }: Filter, entry: EntryView): boolean =>
  (actors.length === 0 || entry.actors.some(({ id }) => actors.includes(id))) &&
  (types.length === 0 || types.includes(entry.kind)) &&
  (!key || entry.key);
