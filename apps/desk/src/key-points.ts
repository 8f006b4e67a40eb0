import type { DeskKeyPoints } from '#contract';
import type { FieldError } from './contracts.js';
import type { Value } from './form-model/values.js';

/** The most key points of a story, and the most developments that each one cites. The editor API makes the final decision. */
export const most = { points: 12, cites: 8, length: 280 };

/** A key point in the form. */
export interface Item {
  /** Distinguishes items in the form. */
  readonly id: string;
  /** The point as the story has it; absent for a new one. */
  readonly was?: DeskKeyPoints['points'][number];
  readonly words: string;
  readonly cites: readonly string[];
  /** The editor confirms it after a correction. */
  readonly checked: boolean;
}

/** The items of the story's list. */
export const itemsOf = ({ points }: DeskKeyPoints): Item[] =>
  points.map(was => ({ id: was.point, was, words: was.words ?? '', cites: was.cites, checked: false }));

/** The list with one item moved up or down. */
export function moved(items: readonly Item[], at: number, by: -1 | 1): Item[] {
  const to = at + by;
  if (to < 0 || to >= items.length) return [...items];
  return items.map((item, i) => (i === at ? items[to]! : i === to ? items[at]! : item));
}

const isSame = (one: readonly string[], other: readonly string[]) => one.toSorted().join() === other.toSorted().join();

/** What the editor has to do about a point, as it is in the form: `rewrite` while it rests on what is gone, `check` after a correction. */
export function toDo({ was, words, cites, checked }: Item): 'rewrite' | 'check' | undefined {
  if (!was) return undefined;
  if (was.struckBy.some(id => cites.includes(id)) || (was.words === null && words === '')) return 'rewrite';
  const isTouched = checked || words !== was.words;
  return !isTouched && was.changed.some(id => cites.includes(id)) ? 'check' : undefined;
}

/** The items that are sent: an item without words is left out. */
export const written = (items: readonly Item[]): Item[] =>
  items.filter(({ was, words }) => words.trim() !== '' || was?.words === null);

/** Items that rest on nothing, as errors of their fields. */
export const groundless = (items: readonly Item[]): FieldError[] =>
  items.flatMap(({ cites }, n) =>
    cites.length === 0 ? [{ field: `points.${n}.cites`, message: 'Choose at least one update that it rests on.' }] : [],
  );

/** The body of the act. A point that keeps its words is named by its id alone. */
export const bodyOf = (items: readonly Item[]): Value =>
  ({
    points: items.map(({ was, words, cites, checked }) => ({
      ...(was && { point: was.point }),
      ...(words !== (was?.words ?? '') && { text: words.trim() }),
      ...(!(was && isSame(cites, was.cites)) && { cites: [...cites] }),
      ...(checked && { checked: true }),
    })),
  }) as unknown as Value;

/** The errors of the n-th item. */
export const errorsAt = (errors: readonly FieldError[], n: number): FieldError[] =>
  errors.filter(({ field }) => field.startsWith(`points.${n}.`) || field === `points.${n}`);
