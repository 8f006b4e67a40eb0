import type { Facet, Mark } from './kind.js';

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
