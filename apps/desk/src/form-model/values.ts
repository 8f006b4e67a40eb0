/** A form holds the content itself, as far as it is filled in: a part of JSON with gaps. */
export type Value = string | number | boolean | undefined | readonly Value[] | { readonly [name: string]: Value };
export type Path = readonly (string | number)[];

/** What stands at a path; undefined where nothing does. */
export function at(value: Value, path: Path): Value {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof value !== 'object') return undefined;
  const inner: Value = Array.isArray(value) ? value[Number(step)] : (value as { readonly [name: string]: Value })[step];
  return at(inner, rest);
}

/** The value with another one at the path; what is missing on the way there is made. */
export function put(value: Value, path: Path, replacement: Value): Value {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  const inner = put(at(value, [step]), rest, replacement);
  if (typeof step === 'string') return { ...(isRecord(value) ? value : {}), [step]: inner };
  const items = Array.isArray(value) ? [...(value as readonly Value[])] : [];
  items[step] = inner;
  return items;
}

/** The list at the path without one of its items. */
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

export const isRecord = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value);

/**
 * What is filled in: blank texts and what holds nothing are left out, everywhere. Only a blank item between others of a
 * list stays, so that each keeps its number.
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

/** Whether the value of a field, named by its path with dots, is the same in both. */
export const unchanged = (before: Value, after: Value, field: string): boolean => {
  const path = field.split('.');
  return JSON.stringify(at(before, path)) === JSON.stringify(at(after, path));
};
