import { entryColumns, entryLine, table } from './print.js';
import type { Entry } from './entries.js';

/** An answer about the past. */
export interface HistoryAnswer {
  /** One object, for a machine. */
  readonly json: object;
  /** Lines for a person. */
  readonly lines: readonly string[];
}

/** Maximum number of entries or developments in an answer. All are counted. */
export const entriesPerAnswer = 10_000;

/** The first items, and how many more there are. */
export function bounded<T>(
  all: readonly T[],
  most = entriesPerAnswer,
): { readonly shown: readonly T[]; readonly more: number } {
  const shown = all.slice(0, most);
  return { shown, more: all.length - shown.length };
}

/** A line with the number of entries that were left out; none if it is 0. */
export const moreLines = (more: number): string[] =>
  more > 0 ? [`and ${more} more, which are not shown: ask for less at a time.`] : [];

/** The entries in columns, or `none` if there are none. */
export const entryLines = (entries: readonly Entry[], none: string): string[] => {
  const { shown, more } = bounded(entries);
  return shown.length > 0 ? [...table(entryColumns, shown.map(entryLine)), ...moreLines(more)] : [none];
};

/** The entries as JSON. */
export function entriesAnswer(entries: readonly Entry[]): {
  readonly entries: readonly Entry[];
  readonly more: number;
} {
  const { shown, more } = bounded(entries);
  return { entries: shown, more };
}
