import { canonicalJson } from '#domain';

/** A field with different values; undefined where it is absent. `field` is the path to it, joined by dots. */
export interface Difference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The differences between two values, down to fields of nested objects. A list is compared as a whole. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (before === after || (defined(before, after) && canonicalJson(before) === canonicalJson(after))) return [];
  if (!isObject(before) || !isObject(after)) return [{ field: path.join('.'), before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name => differences(before[name], after[name], [...path, name]));
}

const defined = (...values: readonly unknown[]) => values.every(value => value !== undefined);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
