import type { AsOf } from '#contract';
import { pageSafeJson } from '#pages';
import { limitUpTo } from '#platform';
import { z } from 'zod';

/** A query parameter that is a whole number from 0; `error` says what it must be. */
export const wholeNumber = (error: string) => z.coerce.number(error).int(error).nonnegative(error);
/** A query parameter that is a position. */
export const positionParameter = wholeNumber('must be a position: a whole number from 0');

/** The query parameter for the number of items on a page of a list. */
export const limitParameter = limitUpTo(200, 50);

/** An address of this API: as of a moment, whatever was recorded since, or of the present. */
export function addressWith(
  path: string,
  asOf: AsOf | undefined,
  parameters: Readonly<Record<string, string>> | readonly string[][],
): string {
  const { build: _build, ...moment } = asOf ?? {};
  const asked = Array.isArray(parameters) ? parameters : Object.entries(parameters);
  const then = Object.entries(moment).map(([name, value]) => [name, String(value)]);
  return `${path}?${new URLSearchParams([...then, ...asked])}`;
}

/** Maximum number of bytes of the items of a list in one answer, whatever `limit` allows. A first item may be longer. */
export const listBytes = 180_000;

/** The bytes of an item in an answer. */
export const bytesOf = (item: unknown) => Buffer.byteLength(pageSafeJson(item));

/** How many of the items, from the first, fit into so many bytes; at least one. */
export function fitting(items: readonly unknown[], most = listBytes): number {
  if (most === Infinity) return items.length;
  let bytes = 0;
  const over = items.findIndex((item, at) => (bytes += bytesOf(item)) > most && at > 0);
  return over < 0 ? items.length : over;
}

/** The items that fit into an answer; `more`: whether others follow. */
export function fittingPage<Item, Shown>(
  found: readonly Item[],
  limit: number,
  present: (item: Item) => Shown,
  most = listBytes,
): { readonly shown: readonly Shown[]; readonly last: Item | undefined } {
  const shown = found.slice(0, limit).map(present);
  const count = fitting(shown, most);
  return { shown: shown.slice(0, count), last: found.length > count ? found[count - 1] : undefined };
}
