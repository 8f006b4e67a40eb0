import type { Fate } from '#domain';

/** A condition that developments of the story hang on, and what became of it; nulls while it is open. */
export type ConditionState = {
  readonly text: string;
  readonly fate: Fate | null;
  readonly reason: string | null;
  /** The development that settled it, where one did. */
  readonly development: string | null;
  /** The commit that settled it. */
  readonly position: number | null;
};

export type StoryRow = {
  readonly story: string;
  readonly title: string;
  readonly summary: string | null;
  readonly zone: string;
  readonly language: string | null;
  readonly status: 'open' | 'closed';
  readonly opened: string;
  readonly closed: string | null;
  /** Recorded and not retracted. */
  readonly developments: number;
  /** That were recorded, and of which nothing can be told any more. */
  readonly shredded: number;
  /** Of the story's last commit, and when it was recorded. */
  readonly position: number;
  readonly recorded: string;
  readonly pinned: string | null;
  readonly conditions: Readonly<Record<string, ConditionState>>;
};
