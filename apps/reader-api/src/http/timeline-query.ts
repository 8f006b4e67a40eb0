import { pathTo } from '#client';
import type { AsOf } from '#contract';
import { ActorRef, catalogue, Slug, StorableText } from '#domain';
import { longestSearch, mostWords, wordsIn } from '#pages';
import { cursorParameter, cursorsOf, Whole } from '#platform';
import { z } from 'zod';
import { asOfParameters } from '../story-at/moment.js';
import { orders, type Order } from '../story-at/view.js';
import { addressWith, limitParameter } from './paging.js';

/** The end of a page: the place of its last entry. Entries never change their places, so the continuation is unambiguous. */
export interface Place {
  readonly position: number;
  readonly ordinal: number;
}

const cursors = cursorsOf(z.tuple([z.enum(orders), Whole, Whole]));

/** Encodes the end of a page as a cursor. */
export const writeCursor = (order: Order, { position, ordinal }: Place): string =>
  cursors.write([order, position, ordinal]);

/** Decodes a cursor. Undefined if this API did not issue it. */
export function readCursor(cursor: string): (Place & { readonly order: Order }) | undefined {
  const [order, position, ordinal] = cursors.read(cursor) ?? [];
  return order === undefined ? undefined : { order, position: position!, ordinal: ordinal! };
}

const kinds = catalogue.map(({ kind }) => kind);
const statuses = ['active', 'superseded', 'retracted', 'taken-down'] as const;

const listed = (value: unknown) => (value === undefined ? value : [value].flat());
const split = (value: unknown) => (typeof value === 'string' ? value.split(',') : value);

/** A parameter with several values: repeated, or separated by commas. */
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

/** The query parameters of a timeline. */
export const PageQuery = z
  .strictObject({
    ...asOfParameters,
    limit: limitParameter,
    order: z.enum(orders).optional().meta({ description: 'Default: newest first.', default: 'newest' }),
    cursor: cursorParameter(readCursor),
    type: someOf(kinds, 'Kinds of development; an entry matches if it has one of them.'),
    actor: z.preprocess(listed, z.array(ActorRef).max(50).optional()).meta({
      description: 'Actors by id, name or alias; an entry matches if it names one of them.',
      type: 'array',
      items: { type: 'string' },
    }),
    condition: Slug.optional().meta({ description: 'A condition that the entry depends on.' }),
    status: someOf(statuses, 'The entry’s status.'),
    words: StorableText(longestSearch)
      .refine(words => wordsIn(words).length > 0, 'must contain a word')
      .refine(words => wordsIn(words).length <= mostWords, `must contain at most ${mostWords} words`)
      .optional()
      .meta({ description: 'Words that the headline must contain, all of them, in any case and order.' }),
    key: z.enum(['true', 'false']).optional().meta({ description: 'Key events only.' }),
  })
  .refine(({ order, cursor }) => !order || !cursor || order === cursor.order, {
    path: ['cursor'],
    message: 'belongs to another order; leave out order or cursor',
  });
export type PageQuery = z.infer<typeof PageQuery>;

/** The order of the requested page: as asked, as the cursor says, or newest first. */
export const orderOf = ({ order, cursor }: PageQuery): Order => order ?? cursor?.order ?? 'newest';

/** The address of the page after the one that ends at `place`, of the moment that was asked for. */
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
