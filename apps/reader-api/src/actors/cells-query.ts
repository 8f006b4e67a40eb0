import { pathTo } from '#client';
import { cursorParameter, cursorsOf, Whole } from '#platform';
import { facets, Text } from '#domain';
import type { AsOf } from '#contract';
import type { MarkPlace } from '#projections';
import { z } from 'zod';
import { asOfParameters } from '../story-at/query.js';
import { limitParameter } from '../http/limit.js';
import { addressWith } from '../http/next.js';
import type { CellsAsked, ShownCell } from '../story-at/cells.js';

/** How many of a cell's citations are shown where not one cell alone is asked for. */
export const citationsShown = 20;

const lists = ['cells', 'citations'] as const;
const cursors = cursorsOf(z.tuple([z.enum(lists), Whole, Whole, Whole]));

export const writeMarkCursor = (list: (typeof lists)[number], { position, ordinal, mark }: MarkPlace): string =>
  cursors.write([list, position, ordinal, mark]);

function readMarkCursor(text: string) {
  const [list, position, ordinal, mark] = cursors.read(text) ?? [];
  return list === undefined ? undefined : { list, position: position!, ordinal: ordinal!, mark: mark! };
}

/** An actor's cells; or, by `facet` and `key`, the citations of one. */
export const cellParameters = {
  limit: limitParameter,
  cursor: cursorParameter(readMarkCursor),
  facet: z.enum(facets).optional().meta({ description: 'With `key`: one cell alone, and more of what it rests on.' }),
  key: Text(500).optional(),
};

const withCells = <Schema extends z.ZodType>(schema: Schema) =>
  schema.check(({ value, issues }) => {
    const { facet, key, cursor } = value as z.infer<z.ZodObject<typeof cellParameters>>;
    const bad = (field: string, message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value });
    if (facet !== undefined && key === undefined) bad('key', 'must come with facet');
    if (key !== undefined && facet === undefined) bad('facet', 'must come with key');
    if (cursor && (cursor.list === 'citations') !== (facet !== undefined))
      bad('cursor', 'continues another list; follow `next` as it is');
  });

export const ActorQuery = withCells(z.strictObject({ ...asOfParameters, ...cellParameters }));
export type ActorQuery = z.infer<z.ZodObject<typeof asOfParameters & typeof cellParameters>>;

type CellsQuery = Pick<ActorQuery, keyof typeof cellParameters>;

export function cellsAsked({ limit, cursor, facet, key }: CellsQuery): CellsAsked {
  if (facet === undefined || key === undefined)
    return { after: cursor ?? null, limit, one: null, citations: citationsShown, before: null };
  return { after: null, limit: 1, one: { facet, key }, citations: limit, before: cursor ?? null };
}

/** Of an actor's state, where its other pages are. */
export function cellLinks(story: string, actor: string, limit: number, asOf: AsOf | undefined) {
  const address = (more: Record<string, string>) =>
    addressWith(pathTo('stories', story, 'actors', actor), asOf, {
      ...more,
      limit: String(limit),
    });
  return {
    cells: (last: MarkPlace | undefined) => (last ? address({ cursor: writeMarkCursor('cells', last) }) : null),
    citations: ({ facet, key, last }: ShownCell) =>
      last ? address({ facet, key, cursor: writeMarkCursor('citations', last) }) : null,
  };
}
