/** The content in a form as far as it is filled in: JSON with gaps. */
export type Value = string | number | boolean | undefined | readonly Value[] | { readonly [name: string]: Value };
/** The path to a value: names of fields and numbers of items. */
export type Path = readonly (string | number)[];

/** The value at a path; undefined if there is none. */
export function at(value: Value, path: Path): Value {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof value !== 'object') return undefined;
  const inner: Value = Array.isArray(value) ? value[Number(step)] : (value as { readonly [name: string]: Value })[step];
  return at(inner, rest);
}

/** Replaces the value at a path. Missing parents are created. */
export function put(value: Value, path: Path, replacement: Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  const inner = put(at(value, [step]), rest, replacement);
  if (typeof step === 'string') return { ...(isRecord(value) ? value : {}), [step]: inner };
  const items = Array.isArray(value) ? [...(value as readonly Value[])] : [];
  items[step] = inner;
  return items;
}

/** Removes one item of the list at the path. */
export function without(value: Value, path: Path, index: number): Value {
  const items = at(value, path);
  return Array.isArray(items)
    ? put(
        value,
        path,
        items.filter((_, i) => i !== index),
      )
    : value;
}

/** Whether a value is an object with named fields, not a list. */
export const isRecord = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value);

/**
 * The filled-in part: blank texts and empty values are removed at all levels. A blank item between others of a list stays,
 * so that each keeps its number.
 */
export function filledIn(value: Value): Value {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map(filledIn);
    const last = items.findLastIndex(item => item !== undefined);
    const kept = items
      .slice(0, last + 1)
      .map((item, i) => (isRecord((value as readonly Value[])[i]) ? (item ?? {}) : item));
    return last < 0 ? undefined : kept.filter(item => item !== undefined);
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, filledIn(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Whether a field's value is equal in both. `field`: its path with dots. */
export const unchanged = (before: Value, after: Value, field: string): boolean => {
  const path = field.split('.');
  return JSON.stringify(at(before, path)) === JSON.stringify(at(after, path));
};
