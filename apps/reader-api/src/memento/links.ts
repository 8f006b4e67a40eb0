import { pathTo } from '#client';
import type { Memento } from '#projections';

/** RFC 1123 in GMT, which is in whole seconds: what lies after the last one that had begun is not told. */
export const httpDate = (instant: string): string => new Date(instant).toUTCString();

/** The instant in milliseconds since 1970 that an HTTP date names; undefined for anything but RFC 1123 in GMT. */
export function readHttpDate(text: string): number | undefined {
  const instant = Date.parse(text);
  return Number.isNaN(instant) || new Date(instant).toUTCString() !== text ? undefined : instant;
}

/** A link as RFC 8288 has it; `uri` is absolute. */
export interface Link {
  readonly uri: string;
  readonly rel: string;
  readonly [attribute: string]: string;
}

/** Attributes are quoted strings; none that is written here holds a quote or a backslash. */
const written = ({ uri, ...attributes }: Link): string =>
  [`<${uri}>`, ...Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)].join('; ');

export const linkHeader = (links: readonly Link[]): string => links.map(written).join(', ');
export const linkFormat = (links: readonly Link[]): string => links.map(written).join(',\n') + '\n';

/** A resource whose past states can be asked for, and the list of these. */
export interface Original {
  readonly uri: string;
  readonly timeMap: string;
}

export const mementoUri = ({ uri }: Original, { position }: Memento): string => `${uri}?position=${position}`;

/** The original is its own TimeGate (RFC 7089, pattern 1.1). */
export const ofOriginal = ({ uri, timeMap }: Original): Link[] => [
  { uri, rel: 'original timegate' },
  { uri: timeMap, rel: 'timemap', type: 'application/link-format' },
];

export const toMemento = (original: Original, memento: Memento, rel = 'memento'): Link => ({
  uri: mementoUri(original, memento),
  rel,
  datetime: httpDate(memento.at),
});

/** Where one of the mementos stands among all: links to the first, the last, itself and its neighbours, each URI once. */
export function ofMemento(original: Original, all: readonly Memento[], index: number): Link[] {
  const roles: [string, number][] = [
    ['first', 0],
    ['prev', index - 1],
    ['', index],
    ['next', index + 1],
    ['last', all.length - 1],
  ];
  const there = roles.filter(([, at]) => at >= 0 && at < all.length);
  return [...Map.groupBy(there, ([, at]) => at)].map(([at, named]) => {
    const rel = [...named.map(([role]) => role).filter(Boolean), 'memento'].join(' ');
    return toMemento(original, all[at]!, rel);
  });
}

/** The resources of a story whose past states can be asked for by datetime. */
export const resources = {
  story: { path: '', timeMap: '/timemap', named: false },
  timeline: { path: '/timeline', timeMap: '/timemap/timeline', named: true },
} as const;
export type Resource = keyof typeof resources;

export function originalOf(base: string, story: string, resource: Resource): Original {
  const { path, timeMap } = resources[resource];
  const at = base + pathTo('stories', story);
  return { uri: at + path, timeMap: at + timeMap };
}
