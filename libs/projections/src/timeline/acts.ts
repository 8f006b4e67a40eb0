import type { ShownEvent } from '../fold.js';
import type { ActDone } from './rows.js';

const ids = ['development', 'by', 'retracted', 'condition', 'fate', 'to', 'as'] as const;

/** What an event did, by the ids in it and nothing else: what was said stands in the entries. */
export function actOf({ type, data }: ShownEvent): ActDone {
  const named = ids.flatMap(name => (name in data ? [[name, (data as Record<string, unknown>)[name]]] : []));
  return { act: type, ...Object.fromEntries(named) };
}
