import { pathTo } from '#client';
import type { Memento, Neighbours } from '#projections';

/** Formats an instant by RFC 1123 in GMT. The format has whole seconds, so the fraction is dropped. */
export const httpDate = (instant: string): string => new Date(instant).toUTCString();

/** Reads an HTTP date, to milliseconds since 1970. Undefined for any form but RFC 1123 in GMT. */
export function readHttpDate(text: string): number | undefined {
  const instant = Date.parse(text);
  return Number.isNaN(instant) || new Date(instant).toUTCString() !== text ? undefined : instant;
}

/** A link as in RFC 8288; `uri` is absolute. */
export interface Link {
  readonly uri: string;
  readonly rel: string;
  readonly [attribute: string]: string;
}

/** Attributes are quoted strings. None that we write contains a quote or a backslash. */
const written = ({ uri, ...attributes }: Link): string =>
  [`<${uri}>`, ...Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)].join('; ');

/** Writes links as a Link header. */
export const linkHeader = (links: readonly Link[]): string => links.map(written).join(', ');
/** Writes links as an application/link-format document. */
export const linkFormat = (links: readonly Link[]): string => links.map(written).join(',\n') + '\n';

/** A resource whose past states can be requested, and its TimeMap. */
export interface Original {
  readonly uri: string;
  readonly timeMap: string;
}

/** The address of one past state. */
export const mementoUri = ({ uri }: Original, { position }: Memento): string => `${uri}?position=${position}`;

/** The links of an original, which is its own TimeGate (RFC 7089, pattern 1.1). */
export const ofOriginal = ({ uri, timeMap }: Original): Link[] => [
  { uri, rel: 'original timegate' },
  { uri: timeMap, rel: 'timemap', type: 'application/link-format' },
];

/** The link to one past state, with its datetime. */
export const toMemento = (original: Original, memento: Memento, rel = 'memento'): Link => ({
  uri: mementoUri(original, memento),
  rel,
  datetime: httpDate(memento.at),
});

/** The links of one memento: to the first, the last, itself and its neighbours, each URI once. */
export function ofMemento(original: Original, { first, prev, self, next, last }: Neighbours): Link[] {
  const roles: [string, Memento | undefined][] = [
    ['first', first],
    ['prev', prev],
    ['', self],
    ['next', next],
    ['last', last],
  ];
  const there = roles.flatMap(([role, memento]) => (memento ? [{ role, memento }] : []));
  return [...Map.groupBy(there, ({ memento }) => memento.position).values()].map(named => {
    const rel = [...named.map(({ role }) => role).filter(Boolean), 'memento'].join(' ');
    return toMemento(original, named[0]!.memento, rel);
  });
}

/** The resources of a story whose past states can be requested by datetime. */
export const resources = {
  story: { path: '', timeMap: '/timemap', named: false },
  timeline: { path: '/timeline', timeMap: '/timemap/timeline', named: true },
} as const;
/** The name of a resource with past states. */
export type Resource = keyof typeof resources;

/** The address of a resource, and of its TimeMap. */
export function originalOf(base: string, story: string, resource: Resource): Original {
  const { path, timeMap } = resources[resource];
  const at = base + pathTo('stories', story);
  return { uri: at + path, timeMap: at + timeMap };
}
