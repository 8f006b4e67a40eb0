import type { Key, Keys } from '../port.js';

export interface KeyRow {
  readonly development: string;
  readonly secret: Buffer | null;
  readonly destroyed: Date | null;
}

const keyOf = ({ secret, destroyed }: KeyRow): Key => (secret ? { secret } : { destroyed: destroyed!.toISOString() });

export const keysIn = (rows: readonly KeyRow[]): Keys => new Map(rows.map(row => [row.development, keyOf(row)]));
