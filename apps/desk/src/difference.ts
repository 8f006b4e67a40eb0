import { labelOf } from './form-model/fields.js';
import { at, isRecord, put, type Path, type Value } from './form-model/values.js';

/** A field that a colleague, this editor or both changed since the editor began. */
export interface Difference {
  readonly path: Path;
  readonly label: string;
  readonly was: Value;
  readonly theirs: Value;
  readonly mine: Value;
  /** Both changed it, to different values: the editor must choose. */
  readonly clash: boolean;
}

/** Whether two values are equal, whatever the order of their fields. */
export const isSame = (a: Value, b: Value): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

function ordered(value: Value): unknown {
  if (Array.isArray(value)) return (value as readonly Value[]).map(ordered);
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, ordered(inner)]);
}

/**
 * The names of the fields to compare one by one: of a group that both have. Where only one side has it, that is the difference, also if
 * the group is empty: an embargo without a time is. A list is compared as a whole, because its items have no identity for a merge.
 */
function names(was: Value, theirs: Value, mine: Value): string[] | undefined {
  if (!isRecord(theirs) || !isRecord(mine) || !(was === undefined || isRecord(was))) return undefined;
  return [...new Set([was ?? {}, theirs, mine].flatMap(Object.keys))];
}

/** Compares three versions field by field: before, theirs and mine. */
export function differences(was: Value, theirs: Value, mine: Value, path: Path = []): Difference[] {
  if (isSame(theirs, mine) && isSame(was, theirs)) return [];
  const inner = names(was, theirs, mine);
  if (inner)
    return inner.flatMap(name => differences(at(was, [name]), at(theirs, [name]), at(mine, [name]), [...path, name]));
  const clash = !isSame(was, theirs) && !isSame(was, mine) && !isSame(theirs, mine);
  return [
    {
      path,
      label: path
        .filter(step => step !== 'data')
        .map(step => labelOf(String(step)))
        .join(' › '),
      was,
      theirs,
      mine,
      clash,
    },
  ];
}

/** Theirs with this editor's changes. If both changed a field, this editor's value wins unless `taken` names the field. */
export function merged(was: Value, theirs: Value, mine: Value, taken: ReadonlySet<string> = new Set()): Value {
  return differences(was, theirs, mine).reduce<Value>((result, difference) => {
    const changedHere = !isSame(difference.was, difference.mine);
    return changedHere && !taken.has(keyOf(difference.path)) ? put(result, difference.path, difference.mine) : result;
  }, theirs);
}

/** A path as text, with dots between its steps. */
export const keyOf = (path: Path): string => path.join('.');

/** A value as one line of text. */
export function shown(value: Value): string {
  if (value === undefined) return '—';
  if (Array.isArray(value)) return (value as readonly Value[]).map(shown).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (!isRecord(value)) return String(value);
  // A group that is there and empty, such as an embargo without a time.
  if (Object.keys(value).length === 0) return 'yes';
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `${labelOf(name)}: ${shown(inner)}`)
    .join('; ');
}
