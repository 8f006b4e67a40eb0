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

/** A condition of a story, as it is stored. */
export type ConditionRow = Omit<ConditionState, 'text_id'> & {
  readonly story: string;
  readonly condition: string;
  readonly text_id: string | null;
  /** The last commit that named or settled it, so that a replay without a key begins versions of the row at the same commits. */
  readonly changed: number;
};

/** A story as it is stored: what each of its commits may change. None of it is people's words, so a takedown leaves it alone. */
export type StoredStory = {
  readonly story: string;
  /** The position of its current header. */
  readonly header: number;
  readonly status: 'open' | 'closed';
  readonly opened: string;
  readonly closed: string | null;
  /** When coverage ended, as the editor said, and the story that continues it. */
  readonly ended: string | null;
  readonly continues: string | null;
  /** The number of developments recorded and not retracted, those taken down included. */
  readonly unretracted: number;
  /** Position and time of the story's last commit. */
  readonly position: number;
  readonly recorded: string;
  readonly pinned: string | null;
};

/** What the takedown of a development or a text adds to the counts of its story, from the position of one of its events on. */
export type ShreddedRow = {
  readonly story: string;
  readonly position: number;
  /** The id of the development or the text. */
  readonly item: string;
  readonly developments: number;
  readonly shredded: number;
};

/** A story in the list of stories: a row of the view `story`. */
export type StoryRow = Omit<StoredStory, 'header' | 'unretracted'> &
  HeaderFields & {
    /** The number of developments recorded and not retracted, without those taken down. */
    readonly developments: number;
    /** The number of developments, versions of the header and key points that were recorded and taken down since. */
    readonly shredded: number;
    readonly conditions: Readonly<Record<string, ConditionState>>;
  };

/** The fields of a header. */
export type HeaderFields = {
  /** Null where it was taken down. */
  readonly title: string | null;
  readonly summary: string | null;
  readonly zone: string;
  readonly language: string | null;
  /** When coverage is planned: ISO 8601, UTC, milliseconds. */
  readonly starts: string | null;
  readonly ends: string | null;
};

/** A version of a story's header. */
export type HeaderRow = HeaderFields & {
  readonly story: string;
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

/** Every row of one story in the tables that the view `story` joins. */
export interface StoryTables {
  readonly story_state: readonly StoredStory[];
  readonly story_header: readonly HeaderRow[];
  readonly story_condition: readonly ConditionRow[];
  readonly story_shredded: readonly ShreddedRow[];
}

/** The row of the view `story` that Postgres makes of these rows; undefined if the story was never opened. */
export function readableStory(tables: StoryTables): StoryRow | undefined {
  const [stored] = tables.story_state;
  if (!stored) return undefined;
  const { header, unretracted, ...rest } = stored;
  const { title, summary, zone, language, starts, ends } = tables.story_header.find(
    ({ position }) => position === header,
  )!;
  let [developments, shredded] = [unretracted, 0];
  for (const item of tables.story_shredded) {
    developments += item.developments;
    shredded += item.shredded;
  }
  const conditions = tables.story_condition.map(
    ({ condition, text, fate, reason, development, position, text_id }): [string, ConditionState] => [
      condition,
      { text, fate, reason, development, position, ...(text_id !== null && { text_id }) },
    ],
  );
  return {
    ...rest,
    ...{ title, summary, zone, language, starts, ends },
    ...{ developments, shredded, conditions: Object.fromEntries(conditions) },
  };
}
