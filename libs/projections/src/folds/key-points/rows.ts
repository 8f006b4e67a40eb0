import type { Takedown } from '../timeline/rows.js';

/** A key point of a story: one that it has, or a former one. */
export type KeyPointRow = {
  readonly story: string;
  /** The id of its words, and of their key. */
  readonly text: string;
  /** Its place in the list, from 0 on; null where the list has it no more. */
  readonly place: number | null;
  /** Null where they were taken down. */
  readonly words: string | null;
  /** The developments that it cites. */
  readonly cites: readonly string[];
  /** Of the commit that wrote its words, or changed what it cites. */
  readonly position: number;
  readonly recorded: string;
  /** The position at which the point came into the list, in these words or in earlier ones that they replaced. */
  readonly first: number;
  /** Null where it can be read, and where the commit of the takedown is still to come, as in an earlier state. */
  readonly takedown: Takedown | null;
};
