import type { NewRecord } from '#event-log';
import { VisibilityEntry } from './entry.js';

/** The record of an entry in the visibility log's topic. The same entry gives the same bytes. */
export const encodeVisibility = ({ first, last, at }: VisibilityEntry): NewRecord => ({
  key: 'visible',
  headers: {},
  value: Buffer.from(JSON.stringify({ first, last, at })),
});

/** Decodes an entry; undefined where the record holds none, as it came from another writer. */
export function decodeVisibility(value: Uint8Array): VisibilityEntry | undefined {
  try {
    return VisibilityEntry.safeParse(JSON.parse(Buffer.from(value).toString())).data;
  } catch {
    return undefined;
  }
}
