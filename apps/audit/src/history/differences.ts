import { canonicalJson } from '#domain';

/** A field that is another one now; undefined where there is none. `field` is the path to it, joined by dots. */
export interface Difference {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What was changed from one value to the other, as far down as both are objects; lists are told whole. */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (before === after || (defined(before, after) && canonicalJson(before) === canonicalJson(after))) return [];
  if (!isObject(before) || !isObject(after)) return [{ field: path.join('.'), before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap(name => differences(before[name], after[name], [...path, name]));
}

const defined = (...values: readonly unknown[]) => values.every(value => value !== undefined);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
