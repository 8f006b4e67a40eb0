import type { Commit } from '#domain';

/** A winning commit, as in the log. */
export type CommitRow = Pick<Commit, keyof Commit> & {
  /** The kind of the development in its first event; null where that event has none. */
  readonly kind: string | null;
};
