import type { Fate } from '#domain';
import type { Signature } from '../fold.js';
import type { Takedown } from '../timeline/rows.js';

/** A condition that developments of the story depend on, and its outcome; null fields while it is open. */
export type ConditionState = {
  readonly text: string;
  readonly fate: Fate | null;
  readonly reason: string | null;
  /** The development that settled it, if any. */
  readonly development: string | null;
  /** The commit that settled it. */
  readonly position: number | null;
  /** The id of the text that is the reason; absent where the log holds the reason in the clear. */
  readonly text_id?: string;
};

/** A condition as readers get it: without the id of its reason's text. */
export const shownCondition = ({ text_id: _text, ...shown }: ConditionState): Omit<ConditionState, 'text_id'> => shown;

/** A story in the list of stories. */
export type StoryRow = {
  readonly story: string;
  /** Null where the current header was taken down; until another one is written. */
  readonly title: string | null;
  readonly summary: string | null;
  readonly zone: string;
  readonly language: string | null;
  /** When coverage is planned: ISO 8601, UTC, milliseconds. */
  readonly starts: string | null;
  readonly ends: string | null;
  /** The text id of the current header; null where the log holds its words in the clear. */
  readonly header: string | null;
  readonly status: 'open' | 'closed';
  readonly opened: string;
  readonly closed: string | null;
  /** When coverage ended, as the editor said, and the story that continues it. */
  readonly ended: string | null;
  readonly continues: string | null;
  /** The number of developments recorded and not retracted. */
  readonly developments: number;
  /** The number of developments, versions of the header and key points that were recorded and taken down since. */
  readonly shredded: number;
  /** Position and time of the story's last commit. */
  readonly position: number;
  readonly recorded: string;
  readonly pinned: string | null;
  readonly conditions: Readonly<Record<string, ConditionState>>;
};

/** A version of a story's header. */
export type HeaderRow = Pick<StoryRow, 'story' | 'title' | 'summary' | 'zone' | 'language' | 'starts' | 'ends'> & {
  /** Of the commit that wrote it. */
  readonly position: number;
  readonly recorded: string;
  readonly by: Signature;
  /** Its text id; null where the log holds its words in the clear. */
  readonly text: string | null;
  /** Why it replaced the one before. */
  readonly reason: string | null;
  /** Null where it can be read, and where the commit of the takedown is still to come, as in an earlier state. */
  readonly takedown: Takedown | null;
};
