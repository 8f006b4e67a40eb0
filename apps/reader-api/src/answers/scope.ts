import type { Scope } from './known.js';

type Moments = Readonly<Partial<Record<'at' | 'knownAt' | 'visibleAt' | 'happenedBy', unknown>>>;

/**
 * The scope of an answer about a story at a moment. Any later commit may move the position that an instant means; the state at a
 * position changes only with the story, whose latest states its links name, or with what changes everything.
 */
export const scopeOf = (story: string, { at, knownAt, visibleAt, happenedBy }: Moments): Scope =>
  [at, knownAt, visibleAt, happenedBy].some(instant => instant !== undefined) ? { everything: true } : { story };
