import { cursorsOf, Whole } from '#platform';
import { z } from 'zod';

/** `newest`: latest recorded first. `story`: as the story was told. A page continues in the order it began with. */
export const orders = ['newest', 'story'] as const;
export type Order = (typeof orders)[number];

/** Where a page ended: the place of its last entry. No entry ever changes its place, so what comes after is never ambiguous. */
export interface Place {
  readonly position: number;
  readonly ordinal: number;
}

const cursors = cursorsOf(z.tuple([z.enum(orders), Whole, Whole]));

export const writeCursor = (order: Order, { position, ordinal }: Place): string =>
  cursors.write([order, position, ordinal]);

/** A cursor as a client sends it back; undefined for one that was not given out here. */
export function readCursor(cursor: string): (Place & { readonly order: Order }) | undefined {
  const [order, position, ordinal] = cursors.read(cursor) ?? [];
  return order === undefined ? undefined : { order, position: position!, ordinal: ordinal! };
}
