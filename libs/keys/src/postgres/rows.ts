import type { Key, Keys } from '../port.js';

/** A row of the table of keys: the secret, or the time of its destruction. */
export interface KeyRow {
  readonly development: string;
  readonly secret: Buffer | null;
  readonly destroyed: Date | null;
}

const keyOf = ({ secret, destroyed }: KeyRow): Key => (secret ? { secret } : { destroyed: destroyed!.toISOString() });

/** The keys in these rows. */
export const keysIn = (rows: readonly KeyRow[]): Keys => new Map(rows.map(row => [row.development, keyOf(row)]));
