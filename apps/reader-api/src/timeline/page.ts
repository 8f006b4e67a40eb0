import { catalogue, Slug } from '#domain';
import { z } from 'zod';
import { Entry } from '../present/schemas.js';
import { orders, readCursor, writeCursor, type Order, type Place } from './cursor.js';

const limits = { least: 1, most: 200, usual: 50 };
const kinds = catalogue.map(({ kind }) => kind);
const statuses = ['active', 'superseded', 'retracted'] as const;

/** A parameter that may be given several times; one of the values is enough for an entry to be in. */
const several = (item: z.ZodType<string>, description: string, documented: object) =>
  z
    .preprocess(value => (value === undefined ? value : [value].flat()), z.array(item).min(1).max(50).optional())
    .meta({ description, type: 'array', items: documented });

const limit = `must be a whole number from ${limits.least} to ${limits.most}`;

/** What a timeline may be asked for. */
export const PageQuery = z
  .strictObject({
    limit: z.coerce.number(limit).int(limit).min(limits.least, limit).max(limits.most, limit).default(limits.usual),
    order: z.enum(orders).optional().meta({ description: 'Newest first unless told otherwise.', default: 'newest' }),
    cursor: z
      .string()
      .transform((text, context) => {
        const place = readCursor(text);
        if (!place)
          context.addIssue({
            code: 'custom',
            message: 'must be one that `next` gave; leave it out for the first page',
          });
        return place ?? z.NEVER;
      })
      .optional()
      .meta({ description: 'Where to go on; follow `next` rather than make one.' }),
    type: several(z.enum(kinds), 'Kinds of development.', { type: 'string', enum: kinds }),
    actor: several(Slug, 'Ids of actors that an entry names.', { type: 'string' }),
    condition: Slug.optional().meta({ description: 'A condition that an entry hangs on.' }),
    status: several(z.enum(statuses), 'What became of an entry.', { type: 'string', enum: statuses }),
    key: z.enum(['true', 'false']).optional().meta({ description: 'Key events only.' }),
  })
  .refine(({ order, cursor }) => !order || !cursor || order === cursor.order, {
    path: ['cursor'],
    message: 'continues another order; leave out one of the two',
  });
export type PageQuery = z.infer<typeof PageQuery>;

export const Page = z
  .object({
    position: z.int().meta({ description: 'Of the story: follow /live?after= from here, and nothing is missed.' }),
    story: z.string(),
    entries: z.array(Entry),
    next: z.string().nullable().meta({ description: 'The next page; null on the last one.' }),
  })
  .meta({ id: 'TimelinePage' });
export type Page = z.infer<typeof Page>;

export const orderOf = ({ order, cursor }: PageQuery): Order => order ?? cursor?.order ?? 'newest';

/** The page that follows the one which ends at `place`. */
export function nextPage(story: string, query: PageQuery, place: Place): string {
  const { limit, type = [], actor = [], condition, status = [], key } = query;
  const parameters = [
    ...type.map(value => ['type', value]),
    ...actor.map(value => ['actor', value]),
    ...status.map(value => ['status', value]),
    ...(condition ? [['condition', condition]] : []),
    ...(key ? [['key', key]] : []),
    ['limit', String(limit)],
    ['cursor', writeCursor(orderOf(query), place)],
  ];
  return `/stories/${encodeURIComponent(story)}/timeline?${new URLSearchParams(parameters)}`;
}
