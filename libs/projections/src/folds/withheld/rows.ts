import type { Author, Content, Link, Outline } from '#domain';
import type { Takedown } from '../timeline/rows.js';

/** The current state of a development under embargo, which its lift will show. */
export type WithheldRow = {
  readonly story: string;
  readonly development: string;
  /** The position of its recording. */
  readonly position: number;
  readonly recorded: string;
  readonly by: Author;
  /** When it lifts automatically (ISO 8601, UTC, milliseconds); null if only a person lifts it. */
  readonly until: string | null;
  /** Null if it was taken down; its outline stays. */
  readonly content: Content | null;
  readonly outline: Outline;
  readonly standing: string;
  readonly key: boolean;
  readonly links: readonly Link[];
  /** Retracted under embargo: the embargo will never be lifted. */
  readonly retracted: boolean;
  /** Taken down under embargo: the embargo will never be lifted. */
  readonly takedown: Takedown | null;
};
