import { LogError } from '../port.js';

/** The first offset of a log, and the offset that the next record will get. */
export interface Bounds {
  readonly first: number;
  readonly next: number;
}

/** Finds the fault in a log's bounds, if any, given that every record before `expected` was read. */
export function breach(bounds: Bounds, expected: number): LogError | undefined {
  if (bounds.first > 0) return new LogError('log-truncated', `it begins at offset ${bounds.first}`);
  if (bounds.next < expected)
    return new LogError('log-gone-back', `it ends at offset ${bounds.next}, but ${expected} records were read`);
  return undefined;
}

/** The error for offset `found` in the place of `expected`; `bounds` where they are known. */
export function misplaced(bounds: Bounds | undefined, expected: number, found: number): LogError {
  const detail = `offset ${found} came where ${expected} belongs`;
  const known = bounds && breach(bounds, expected);
  return known ?? new LogError(found < expected ? 'log-gone-back' : 'log-gap', detail);
}
