import { entryColumns, entryLine, table } from './print.js';
import type { Entry } from './entries.js';

/** An answer about the past. */
export interface Told {
  /** For a machine: one object. */
  readonly json: object;
  /** For a person. */
  readonly lines: readonly string[];
}

/** The entries in columns, or `none` where there are none. */
export const entryLines = (entries: readonly Entry[], none: string): string[] =>
  entries.length > 0 ? table(entryColumns, entries.map(entryLine)) : [none];
