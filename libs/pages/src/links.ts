import { pathTo } from '#client';
import type { Filter, ReaderState } from './reader/state.js';
import type { Clock } from './words/index.js';

/** The addresses of pages. A story's slug is its id. */
export const links = {
  stories: '/s',
  /** No story has this id: a slug does not begin with a hyphen. */
  search: '/s/-/search',
  story: (story: string) => pathTo('s', story),
  development: (story: string, development: string) => pathTo('s', story, 'd', development),
  actor: (story: string, actor: string) => pathTo('s', story, 'actors', actor),
  history: (story: string) => pathTo('s', story, 'history'),
  /** The story as a folder with its pictures. */
  folder: (story: string) => pathTo('s', story, 'export.zip'),
  /** A rendition of a picture, by the hash of its bytes. */
  medium: (name: string) => pathTo('media', name),
  /** The anchor of an update on the story's page. */
  anchor: (development: string) => `d-${development}`,
};

/** The address of a story's time machine at a moment, compared with another moment or with now. */
export function historyAddress(story: string, clock: Clock, at?: string, other?: string, skip = 0): string {
  const parameters = new URLSearchParams([
    ['clock', clock],
    ...(at ? [['at', at]] : []),
    ...(other ? [['with', other]] : []),
    ...(skip > 0 ? [['skip', String(skip)]] : []),
  ]);
  return `${links.history(story)}?${parameters}`;
}

/** The address of a story's folder as of a moment. */
export const folderAddress = (story: string, clock: Clock, at: string): string =>
  `${links.folder(story)}?${new URLSearchParams({ clock, at })}`;

/** A filter that selects all updates. */
export const noFilter: Filter = { actors: [], types: [], key: false, words: '' };

/** The address of a story's page in an order, with a filter. */
export function storyAddress(
  story: string,
  order: ReaderState['order'],
  { actors, types, key, words }: Filter,
  cursor?: string,
): string {
  const parameters = new URLSearchParams([
    ...(order === 'newest' ? [] : [['order', order]]),
    ...actors.map(actor => ['actor', actor]),
    ...types.map(type => ['type', type]),
    ...(key ? [['key', 'true']] : []),
    ...(words ? [['words', words]] : []),
    ...(cursor ? [['cursor', cursor]] : []),
  ]);
  const query = parameters.toString();
  return links.story(story) + (query && `?${query}`);
}
