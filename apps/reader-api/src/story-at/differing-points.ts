import type { KeyPoint, pointChanges } from '#contract';
import { isDeepStrictEqual as same } from 'node:util';

/** How a key point differs between two moments, and what it is at each; undefined where the list does not have it. */
export interface DifferingPoint {
  readonly how: (typeof pointChanges)[number];
  readonly was: KeyPoint | undefined;
  readonly now: KeyPoint | undefined;
}

function howOf(
  was: KeyPoint | undefined,
  now: KeyPoint,
  takenDown: ReadonlySet<string>,
): DifferingPoint['how'] | undefined {
  if (!was) return 'new';
  if (now.takedown && !was.takedown) return 'taken-down';
  if (now.struck && (!same(now.struck, was.struck) || takenDown.has(now.struck.development))) return 'struck';
  if (now.text !== was.text || now.position !== was.position) return 'changed';
  return same(was, now) ? undefined : 'cited';
}

/**
 * The key points that readers see otherwise at the second moment than at the first: those of its list in order, then those that are gone.
 * A point with other words has another id. It replaced one that the list has no more and that came at the same position. `takenDown`: see
 * `takenDownBetween`.
 */
export function differingPoints(
  then: readonly KeyPoint[],
  later: readonly KeyPoint[],
  takenDown: ReadonlySet<string>,
): DifferingPoint[] {
  const before = new Map(then.map(point => [point.text, point]));
  const after = new Set(later.map(({ text }) => text));
  const gone = then.filter(({ text }) => !after.has(text));
  const replacedBy = ({ first }: KeyPoint) => {
    const index = gone.findIndex(point => point.first === first);
    return index < 0 ? undefined : gone.splice(index, 1)[0];
  };
  const listed = later.flatMap((now): DifferingPoint[] => {
    const was = before.get(now.text) ?? replacedBy(now);
    const how = howOf(was, now, takenDown);
    return how ? [{ how, was, now }] : [];
  });
  return [...listed, ...gone.map((was): DifferingPoint => ({ how: 'gone', was, now: undefined }))];
}
