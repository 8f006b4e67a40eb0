import type { Commit } from '#domain';

/** A winning commit, as the log has it. */
export type CommitRow = Pick<Commit, keyof Commit> & {
  /** The kind of development that its first event reports; null where that reports none. */
  readonly kind: string | null;
};
