import type { Entry, Story } from '#contract';

/** An entry with when it last changed in any way: ISO 8601, UTC, milliseconds. */
export type DatedEntry = Entry & { readonly modified: string };

/** What is handed on of a story: newest first, those that changed last. */
export interface Syndicated {
  readonly story: Story;
  /** The log's id. */
  readonly log: string;
  readonly entries: readonly DatedEntry[];
}
