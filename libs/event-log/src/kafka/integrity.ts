import { LogError } from '../port.js';

export interface Bounds {
  readonly first: number;
  readonly next: number;
}

/** What is wrong with a log of which everything before `expected` was read, if anything. */
export function breach(bounds: Bounds, expected: number): LogError | undefined {
  if (bounds.first > 0) return new LogError('log-truncated', `it begins at offset ${bounds.first}`);
  if (bounds.next < expected)
    return new LogError('log-gone-back', `it ends at offset ${bounds.next}, but ${expected} records were read`);
  return undefined;
}

/** What is wrong when offset `found` came in the place of `expected`; `bounds` as far as they can be had. */
export function misplaced(bounds: Bounds | undefined, expected: number, found: number): LogError {
  const detail = `offset ${found} came where ${expected} belongs`;
  const known = bounds && breach(bounds, expected);
  return known ?? new LogError(found < expected ? 'log-gone-back' : 'log-gap', detail);
}
