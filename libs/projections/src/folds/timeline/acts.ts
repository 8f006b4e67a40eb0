import type { ShownEvent } from '../fold.js';
import type { ActDone } from './rows.js';

const ids = ['development', 'by', 'retracted', 'condition', 'fate', 'to'] as const;

/** What an event did, by the ids in it and nothing else: what was said stands in the entries. */
export function actOf({ type, data }: ShownEvent): ActDone {
  const given = data as Record<string, unknown>;
  // What a link is to the other end; in other events `as` is the role that somebody acted in, which is not told.
  const names = 'to' in given ? [...ids, 'as'] : ids;
  const named = names.flatMap(name => (name in given ? [[name, given[name]]] : []));
  return { act: type, ...Object.fromEntries(named) };
}
