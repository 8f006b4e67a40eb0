import type { Facet, Mark } from './kind.js';

/** The actors of all lists, each once, in order of first mention. */
export const cast = (...lists: (readonly string[] | string | undefined)[]): string[] => [
  ...new Set(lists.flatMap(list => list ?? [])),
];

export const others = (actors: readonly string[], actor: string): string[] => actors.filter(other => other !== actor);

/** The same kind of mark on each of them; `value` may depend on who it is. */
export const onEach = (
  actors: readonly string[],
  facet: Facet,
  value: (actor: string) => Mark['value'],
  key?: string,
): Mark[] => actors.map(actor => ({ actor, facet, ...(key !== undefined && { key }), value: value(actor) }));
