import type { Author, Content, Link, Outline } from '#domain';
import type { Takedown } from '../timeline/rows.js';

/** A development under embargo, as it stands: what its lift will show. */
export type WithheldRow = {
  readonly story: string;
  readonly development: string;
  /** Of its recording. */
  readonly position: number;
  readonly recorded: string;
  readonly by: Author;
  /** When it lifts by itself; null where it is lifted by hand alone. */
  readonly until: string | null;
  /** Null where it was shredded; its outline stays. */
  readonly content: Content | null;
  readonly outline: Outline;
  readonly standing: string;
  readonly key: boolean;
  readonly links: readonly Link[];
  /** Retracted before it was lifted: it never will be. */
  readonly retracted: boolean;
  /** Taken down before it was lifted: it never will be. */
  readonly takedown: Takedown | null;
};
