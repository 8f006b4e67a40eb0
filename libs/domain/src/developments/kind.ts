import { z } from 'zod';
import { isolated } from '../bidi.js';
import type { Mode } from '../sourcing.js';
import { closedLine, quotedIn } from './wording.js';

/** The subjects of a mark on an actor. Stored names: they never change. */
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
  'result',
  'decision',
  'count',
  'score',
  'goal',
] as const;
/** The subject of a mark. */
export type Facet = (typeof facets)[number];

/**
 * A statement of a development about one actor. Marks with the same actor, facet and key describe the same cell of the actor's state; a
 * mark without a key is a separate cell.
 */
export interface Mark {
  readonly actor: string;
  readonly facet: Facet;
  readonly key?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One entry of the catalogue: everything that the system knows about one kind of development. */
export interface Kind<Schema extends z.ZodObject = z.ZodObject> {
  /** A stored name: it never changes. A breaking change of the schema is a new kind beside the old one. */
  readonly kind: string;
  readonly title: string;
  /** A line drawing: the path data of an SVG of 24 by 24 units. */
  readonly icon: string;
  readonly schema: Schema;
  /** The field that holds a quotation, and the field that names its speaker. */
  readonly quote?: { readonly words: string; readonly by: string };
  /** The modes that make sense for this kind. Default: all. */
  readonly modes?: readonly Mode[];
  /** It happens at one moment, so that a reader takes the time of posting for that moment if no other is given. */
  readonly momentary?: true;
  /** Its developments wait for a kind that says more: the act `classify` gives them one. */
  readonly unclassified?: true;
  /** The body is the report itself, so a content without one is refused. */
  readonly needsBody?: true;
  /**
   * A plain-text headline for when the editor writes none. `name` returns an actor's name for its id; `quoted` puts a quotation into
   * the quotes of the story's language; `body` is the content's Markdown. It reads the same for one actor and for many, and for plans
   * and facts: use nouns, not verbs. It is made when a content is recorded, and the log holds it, so other words here reach only later
   * posts.
   */
  headline(
    data: z.infer<Schema>,
    name: (actor: string) => string,
    quoted?: (words: string) => string,
    body?: string,
  ): string;
  /**
   * What its data say, in plain lines, for surfaces that show only text, such as feeds. Only for kinds whose headline cannot hold all of
   * it.
   */
  lines?(data: z.infer<Schema>, name: (actor: string) => string): string[];
  /** The marks that it sets on actors. Pure: the same data gives the same marks. */
  marks(data: z.infer<Schema>): Mark[];
}

/** The longest line of `lines`, in UTF-16 units. */
const lineLimit = 1_200;

/** The longest headline, in UTF-16 units. */
export const headlineLimit = 300;

const isolatedIn = <Data>(data: Data): Data => {
  if (typeof data === 'string') return isolated(data) as Data;
  if (Array.isArray(data)) return data.map(isolatedIn) as Data;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, isolatedIn(value)])) as Data;
};

/**
 * Defines a kind. The schema's type is known to `headline` and `marks`, and hidden from the catalogue's list. The headline is made one
 * line and cut to the limit here, so that no kind has to.
 */
export const defineKind = <Schema extends z.ZodObject>(kind: Kind<Schema>): Kind => {
  // Close directions in each field and again after the cut, so that none reaches past the headline.
  const headline: Kind<Schema>['headline'] = (data, name, quoted = quotedIn(undefined), body = undefined) => {
    const inLine = (actor: string) => isolated(name(actor));
    return closedLine(kind.headline(isolatedIn(data), inLine, quoted, body), headlineLimit);
  };
  const { lines } = kind;
  const closedLines: Kind<Schema>['lines'] = (data, name) =>
    lines?.(isolatedIn(data), actor => isolated(name(actor))).map(line => closedLine(line, lineLimit)) ?? [];
  return { ...kind, headline, ...(lines && { lines: closedLines }) } as unknown as Kind;
};

/** The largest number that a count may have: more than there are people. */
export const mostCounted = 10_000_000_000;
/** A count of people, votes or goals. */
export const Whole = z.int().min(0).max(mostCounted);

/** Merges the lists into one without duplicates, in order of first mention. */
export const cast = (...lists: (readonly string[] | string | undefined)[]): string[] => [
  ...new Set(lists.flatMap(list => list ?? [])),
];

/** The actors except one. */
export const others = (actors: readonly string[], actor: string): string[] => actors.filter(other => other !== actor);

/** Gives each of the actors the same kind of mark; `value` may depend on the actor. */
export const onEach = (
  actors: readonly string[],
  facet: Facet,
  value: (actor: string) => Mark['value'],
  key?: string,
): Mark[] => actors.map(actor => ({ actor, facet, ...(key !== undefined && { key }), value: value(actor) }));
