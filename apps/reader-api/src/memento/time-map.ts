import type { Memento } from '#projections';
import { httpDate } from './http-date.js';
import { linkFormat, toMemento, type Link, type Original } from './links.js';

/** Mementos on one page of a TimeMap. */
export const pageSize = 1_000;

/** How many pages before and after it a page links to, beside the first and the last. */
export const pagesNear = 5;

export const pagesOf = (all: readonly Memento[]): number => Math.max(1, Math.ceil(all.length / pageSize));
const pageOf = (all: readonly Memento[], page: number) => all.slice((page - 1) * pageSize, page * pageSize);

/** One page (from 1) of the list of mementos, as application/link-format, with links to the pages near it, the first and the last. */
export function timeMap(original: Original, all: readonly Memento[], page: number): string {
  const count = pagesOf(all);
  const pages = Array.from({ length: count }, (_, i) => i + 1);
  const near = (other: number) => other === 1 || other === count || Math.abs(other - page) <= pagesNear;
  const others = pages
    .filter(other => other !== page && near(other))
    .map(other => toPage(original, all, other, 'timemap'));
  const mementos = pageOf(all, page).map(memento => {
    const ends = [...(memento === all[0] ? ['first'] : []), ...(memento === all.at(-1) ? ['last'] : [])];
    return toMemento(original, memento, [...ends, 'memento'].join(' '));
  });
  const gate = { uri: original.uri, rel: 'original timegate' };
  return linkFormat([gate, toPage(original, all, page, 'self'), ...others, ...mementos]);
}

function toPage({ timeMap }: Original, all: readonly Memento[], page: number, rel: string): Link {
  const shown = pageOf(all, page);
  return {
    uri: page === 1 ? timeMap : `${timeMap}?page=${page}`,
    rel,
    type: 'application/link-format',
    from: httpDate(shown[0]!.at),
    until: httpDate(shown.at(-1)!.at),
  };
}
