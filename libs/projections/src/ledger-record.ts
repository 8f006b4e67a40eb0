import type { NewRecord } from '#event-log';
import { Visible } from './visibility.js';

/** The record of an entry in the topic beside the log. The same entry gives the same bytes. */
export const encodeVisible = ({ first, last, at }: Visible): NewRecord => ({
  key: 'visible',
  headers: {},
  value: Buffer.from(JSON.stringify({ first, last, at })),
});

/** The entry that a record holds; undefined where it holds none, as somebody else wrote it. */
export function decodeVisible(value: Uint8Array): Visible | undefined {
  try {
    return Visible.safeParse(JSON.parse(Buffer.from(value).toString())).data;
  } catch {
    return undefined;
  }
}
