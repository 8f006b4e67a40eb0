import { crc32 } from 'node:zlib';

/** The kept state cannot be used: it is damaged, of another version, or held by another process. */
export class StateError extends Error {
  /** Whether the reason is that another process uses the file. The file itself is then intact. */
  get isInUse(): boolean {
    return (this.cause as { readonly errcode?: number } | undefined)?.errcode === busy;
  }
}
const busy = 5;

/** A row as the file holds it. The row of a removed key has no value. */
export interface Row {
  readonly id: number;
  readonly key: string;
  readonly value: string | null;
  readonly sum: number;
}

/** The file's own data about its rows. */
export interface Meta {
  checkpoint: string;
  /** The number of the last row. */
  last: number;
  /** The number of the last row that the copy of the index knows, and how many later rows there are. */
  indexed: number;
  later: number;
  pieces: number;
  /** How many keys each table has. A table that is read whole must have as many rows. */
  counts: Record<string, number>;
}

/** The checksum of a row. */
export const sumOf = (table: string, id: number, key: string, value: string | null) =>
  crc32(value ?? '', crc32(`${table} ${id} ${key}`));

/** Throws where the row is not what was written. */
export function verified(table: string, row: Row): Row {
  const { id, key, value, sum } = row;
  if (sumOf(table, id, key, value) !== sum) throw new StateError(`row ${id} of ${table} is damaged`);
  return row;
}

/** Splits the name of a row at its first line feed, into the table and the key. */
export const cut = (name: string): [string, string] => {
  const at = name.indexOf('\n');
  return [name.slice(0, at), name.slice(at + 1)];
};

/** The errors of SQLite for a file that is damaged or in use. */
export function trusted<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError((error as Error).message, { cause: error });
  }
}
