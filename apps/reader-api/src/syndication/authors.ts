import type { Entry } from '#contract';
import type { Byline } from '#domain';

/** Who wrote an entry: its byline. For a content from before bylines, and a placeholder, the name of who posted it. */
export const authorsOf = ({ byline, by }: Pick<Entry, 'byline' | 'by'>): Byline =>
  byline ?? (by === null ? [] : [{ name: by }]);
