import { z } from 'zod';

/** `newest`: latest recorded first. `story`: as the story was told. A page continues in the order it began with. */
export const orders = ['newest', 'story'] as const;
export type Order = (typeof orders)[number];

/** Where a page ended: the place of its last entry. No entry ever changes its place, so what comes after is never ambiguous. */
export interface Place {
  readonly position: number;
  readonly ordinal: number;
}

// What Postgres holds as an integer.
const Whole = z.int32().nonnegative();
const Contents = z.tuple([z.enum(orders), Whole, Whole]);

export const writeCursor = (order: Order, { position, ordinal }: Place): string =>
  Buffer.from(JSON.stringify([order, position, ordinal])).toString('base64url');

/** A cursor as a client sends it back; undefined for one that was not given out here. */
export function readCursor(cursor: string): (Place & { readonly order: Order }) | undefined {
  const contents = Contents.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (!contents.success) return undefined;
  const [order, position, ordinal] = contents.data;
  return writeCursor(order, { position, ordinal }) === cursor ? { order, position, ordinal } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
