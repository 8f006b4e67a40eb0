import type { Fate } from '#domain';

/** A condition that developments of the story depend on, and its outcome; null fields while it is open. */
export type ConditionState = {
  readonly text: string;
  readonly fate: Fate | null;
  readonly reason: string | null;
  /** The development that settled it, if any. */
  readonly development: string | null;
  /** The commit that settled it. */
  readonly position: number | null;
};

/** A story in the list of stories. */
export type StoryRow = {
  readonly story: string;
  readonly title: string;
  readonly summary: string | null;
  readonly zone: string;
  readonly language: string | null;
  readonly status: 'open' | 'closed';
  readonly opened: string;
  readonly closed: string | null;
  /** The number of developments recorded and not retracted. */
  readonly developments: number;
  /** The number of developments recorded and taken down since. */
  readonly shredded: number;
  /** Position and time of the story's last commit. */
  readonly position: number;
  readonly recorded: string;
  readonly pinned: string | null;
  readonly conditions: Readonly<Record<string, ConditionState>>;
};
