import { z } from 'zod';
import { Line } from './text.js';

/** Who did it: the token's subject and, where it gives one, a name to show. */
export const Author = z.strictObject({ id: Line(200), name: Line(200).optional() });
export type Author = z.infer<typeof Author>;

/** Of the commit that an event stands in, what the state of a story keeps. */
export interface Origin {
  readonly id: string;
  readonly by: Author;
  /** When the newsroom's log had it: ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
}
