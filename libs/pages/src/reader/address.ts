import { links } from '../links.js';
import type { Filter, ReaderState } from './state.js';

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
