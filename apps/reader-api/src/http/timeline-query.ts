import { pathTo } from '#client';
import type { AsOf } from '#contract';
import { ActorRef, catalogue, Slug } from '#domain';
import { longestSearch, mostWords, wordsIn } from '#pages';
import { cursorParameter, cursorsOf, Whole } from '#platform';
import { z } from 'zod';
import { asOfParameters } from '../story-at/moment.js';
import { orders, type Order } from '../story-at/view.js';
import { addressWith, limitParameter } from './paging.js';

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

const kinds = catalogue.map(({ kind }) => kind);
const statuses = ['active', 'superseded', 'retracted', 'taken-down'] as const;

const listed = (value: unknown) => (value === undefined ? value : [value].flat());
const split = (value: unknown) => (typeof value === 'string' ? value.split(',') : value);

/** Several of a few values: the parameter may come again, or hold them with commas between. */
const someOf = <Value extends string>(allowed: readonly Value[], description: string) =>
  z
    .preprocess(
      value => listed(value)?.flatMap(split),
      z
        .array(z.unknown())
        .transform((values, { addIssue }) => {
          const unknown = values.filter(value => !allowed.includes(value as Value));
          const message = `must be of: ${allowed.join(', ')}`;
          if (unknown.length > 0) addIssue({ code: 'invalid_value', values: [...allowed], input: unknown, message });
          return values as Value[];
        })
        .optional(),
    )
    .meta({ description, type: 'array', items: { type: 'string', enum: [...allowed] } });

/** What a timeline may be asked for. */
export const PageQuery = z
  .strictObject({
    ...asOfParameters,
    limit: limitParameter,
    order: z.enum(orders).optional().meta({ description: 'Newest first unless told otherwise.', default: 'newest' }),
    cursor: cursorParameter(readCursor),
    type: someOf(kinds, 'Kinds of development; one of them is enough for an entry to be in.'),
    actor: z.preprocess(listed, z.array(ActorRef).max(50).optional()).meta({
      description: 'Actors that an entry names, by id, name or alias; one of them is enough.',
      type: 'array',
      items: { type: 'string' },
    }),
    condition: Slug.optional().meta({ description: 'A condition that an entry hangs on.' }),
    status: someOf(statuses, 'What became of an entry.'),
    words: z
      .string()
      .max(longestSearch)
      .refine(words => wordsIn(words).length > 0, 'must hold a word')
      .refine(words => wordsIn(words).length <= mostWords, `must hold at most ${mostWords} words`)
      .optional()
      .meta({ description: 'Words that the headline of an entry holds, each of them, in whatever case and place.' }),
    key: z.enum(['true', 'false']).optional().meta({ description: 'Key events only.' }),
  })
  .refine(({ order, cursor }) => !order || !cursor || order === cursor.order, {
    path: ['cursor'],
    message: 'continues another order; leave out one of the two',
  });
export type PageQuery = z.infer<typeof PageQuery>;

export const orderOf = ({ order, cursor }: PageQuery): Order => order ?? cursor?.order ?? 'newest';

/** The page that follows the one which ends at `place`, of the same moment, whatever has been recorded since. */
export function nextPage(story: string, query: PageQuery, asOf: AsOf | undefined, place: Place): string {
  const { limit, type = [], actor = [], condition, status = [], key, words } = query;
  const parameters = [
    ...type.map(value => ['type', value]),
    ...actor.map(value => ['actor', value]),
    ...status.map(value => ['status', value]),
    ...(condition ? [['condition', condition]] : []),
    ...(key ? [['key', key]] : []),
    ...(words ? [['words', words]] : []),
    ['limit', String(limit)],
    ['cursor', writeCursor(orderOf(query), place)],
  ];
  return addressWith(pathTo('stories', story, 'timeline'), asOf, parameters);
}
