import { isRecord, type Value } from './form-model/values.js';

/** The registered actors that a draft already names, in any field. */
export function actorsIn(value: Value, actors: ReadonlyMap<string, unknown>): Set<string> {
  if (typeof value === 'string') return new Set(actors.has(value) ? [value] : []);
  const inner = Array.isArray(value) ? (value as readonly Value[]) : isRecord(value) ? Object.values(value) : [];
  return new Set(inner.flatMap(item => [...actorsIn(item, actors)]));
}
