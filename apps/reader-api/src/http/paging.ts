import type { AsOf } from '#contract';
import { limitUpTo } from '#platform';

/** The query parameter for the number of items on a page of a list. */
export const limitParameter = limitUpTo(200, 50);

/**
 * An address of this API at the answer's moment, so that the next page shows the same moment, whatever was recorded since.
 */
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
