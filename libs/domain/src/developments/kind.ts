import { z } from 'zod';
import { isolated } from '../bidi.js';
import type { Mode } from '../modality.js';
import { closedLine, quotedIn } from './wording.js';

/** What a mark on an actor is about. A stored name: for ever. */
export const facets = [
  'presence',
  'meeting',
  'role',
  'delegation',
  'position',
  'demand',
  'warning-given',
  'warning-received',
  'reaction',
  'statement',
  'mention',
  'proposal',
  'relation',
  'prospect',
  'market',
  'obstacle',
  'outcome',
  'act',
  'context',
] as const;
export type Facet = (typeof facets)[number];

/**
 * What a development says about one actor. Marks with the same actor, facet and key speak of the same cell of the
 * actor's state; without a key the mark is a cell of its own.
 */
export interface Mark {
  readonly actor: string;
  readonly facet: Facet;
  readonly key?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One entry of the catalogue: everything the system knows of one kind of development. */
export interface Kind<Schema extends z.ZodObject = z.ZodObject> {
  /** A stored name: for ever. A breaking change of the schema is a new kind beside the old one. */
  readonly kind: string;
  readonly title: string;
  /** A line drawing for it: the path data of an SVG of 24 by 24. */
  readonly icon: string;
  readonly schema: Schema;
  /** The fields that hold somebody's own words, and the actor whose they are. */
  readonly quote?: { readonly words: string; readonly by: string };
  /** The modes that make sense for it; all where it says nothing. */
  readonly modes?: readonly Mode[];
  /**
   * A plain-text headline, for when the editor writes none. `name` gives an actor's name for its id, `quoted` puts somebody's
   * words into the quotes of the story's language. It reads the same
   * for one actor as for many, and for what is planned as for what has happened: nouns, not verbs.
   */
  headline(data: z.infer<Schema>, name: (actor: string) => string, quoted?: (words: string) => string): string;
  /** What it says about actors; pure, and the same for the same data. */
  marks(data: z.infer<Schema>): Mark[];
}

/** Longest headline, in UTF-16 units. */
export const headlineLimit = 300;

const isolatedIn = <Data>(data: Data): Data => {
  if (typeof data === 'string') return isolated(data) as Data;
  if (Array.isArray(data)) return data.map(isolatedIn) as Data;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, isolatedIn(value)])) as Data;
};

/**
 * Keeps the schema's type for `headline` and `marks`, and forgets it for the catalogue's list. Whatever the data, the
 * headline becomes one line within the limit, so that no kind has to see to it.
 */
export const defineKind = <Schema extends z.ZodObject>(kind: Kind<Schema>): Kind => {
  // A direction that one field opens ends with it, and one that is cut off ends all the same.
  const headline: Kind<Schema>['headline'] = (data, name, quoted = quotedIn(undefined)) => {
    const inLine = (actor: string) => isolated(name(actor));
    return closedLine(kind.headline(isolatedIn(data), inLine, quoted), headlineLimit);
  };
  return { ...kind, headline } as unknown as Kind;
};
