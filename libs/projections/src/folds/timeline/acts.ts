import type { ShownEvent } from '../fold.js';
import type { ActDone } from './rows.js';

const ids = ['development', 'by', 'retracted', 'condition', 'fate', 'to'] as const;

/** Describes an event by the ids in it; the entries hold the text. */
export function actOf({ type, data }: ShownEvent): ActDone {
  const given = data as Record<string, unknown>;
  // `as` of a link is the relation; in other events it is the author's role, which readers do not see.
  const names = 'to' in given ? [...ids, 'as'] : ids;
  const named = names.flatMap(name => (name in given ? [[name, given[name]]] : []));
  return { act: type, ...Object.fromEntries(named) };
}
