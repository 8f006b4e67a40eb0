import { isDeepStrictEqual as same } from 'node:util';
import { cellId, type CellView, type Difference, type Differing } from '#pages';
import { isTakenDown, takedownOf, type TimelineRow } from '#projections';
import { changedWith, rowTitle, type RenderContext } from '../../story-at/render.js';

/** The fields of an update by which two moments are compared. */
export interface Compared {
  readonly id: string;
  readonly title: string;
  /** The title without the update's fate, for places where the fate is shown beside it. */
  readonly plainTitle: string;
  readonly status: TimelineRow['status'];
  readonly standing: string | null;
  readonly key: boolean;
  readonly pinned: boolean;
  readonly corrections: number;
  readonly fates: readonly (string | null)[];
  readonly takedown: TimelineRow['takedown'];
  readonly changed: number;
}

/** Prepares an update's row for comparison. A taken-down update is titled by its kind. */
export const comparedOf = (row: TimelineRow, context: RenderContext): Compared => ({
  id: row.development,
  title: isTakenDown(row) ? row.kind : rowTitle(row, context),
  plainTitle: isTakenDown(row) ? row.kind : rowTitle({ ...row, status: 'active', corrections: [] }, context),
  status: row.status,
  standing: row.standing,
  key: row.key,
  pinned: row.pinned,
  corrections: row.corrections.length,
  fates: row.conditions.map(id => context.conditions[id]?.fate ?? null),
  takedown: takedownOf(row, context.takedowns),
  changed: changedWith(row, context.conditions),
});

/** Content that is taken down now is hidden at every moment, so the date of the takedown decides. */
const removedBetween = (then: Compared, { takedown, changed }: Compared) =>
  takedown ? then.changed < takedown.position && takedown.position <= changed : false;

/** The differences of an update, from the first moment to the second. */
function howOf(then: Compared, later: Compared): Difference[] {
  const how: [Difference, boolean][] = [
    ['corrected', then.corrections !== later.corrections],
    ['retracted', then.status !== later.status && later.status === 'retracted'],
    ['removed', removedBetween(then, later)],
    ['superseded', then.status !== later.status && later.status === 'superseded'],
    ['standing', then.standing !== later.standing],
    ['marked', then.key !== later.key || then.pinned !== later.pinned],
    ['settled', !same(then.fates, later.fates)],
  ];
  const known = how.filter(([, differs]) => differs).map(([name]) => name);
  return known.length > 0 || then.changed === later.changed ? known : ['changed'];
}

/** Whether the difference repeats the label before the title. */
const becameSo = ({ status }: Compared, difference: Difference) =>
  difference === status || (difference === 'corrected' && status === 'active');

/** The differences between two moments: first the new updates, the latest first, then the changed ones. */
export function differencesOf(then: readonly Compared[], later: readonly Compared[]): Differing[] {
  const before = new Map(then.map(entry => [entry.id, entry]));
  const after = new Set(later.map(({ id }) => id));
  const row = (entry: Compared, how: readonly Difference[]) => ({
    id: entry.id,
    title: how.some(difference => becameSo(entry, difference)) ? entry.plainTitle : entry.title,
    how,
  });
  return [
    ...later.filter(({ id }) => !before.has(id)).map(entry => row(entry, ['added'])),
    ...later.flatMap(entry => {
      const was = before.get(entry.id);
      const how = was ? howOf(was, entry) : [];
      return how.length > 0 ? [row(entry, how)] : [];
    }),
    ...then.filter(({ id }) => !after.has(id)).map(entry => row(entry, ['withdrawn'])),
  ];
}

const said = ({ current }: CellView) =>
  current && [current.development, current.value, current.standing, current.modality, current.status];

/** The facet and key of each cell that differs, or exists at only one of the moments. */
export function differingCells(then: readonly CellView[], later: readonly CellView[]): Set<string> {
  const before = new Map(then.map(cell => [cellId(cell), said(cell)]));
  const after = new Map(later.map(cell => [cellId(cell), said(cell)]));
  return new Set([...before.keys(), ...after.keys()].filter(id => !same(before.get(id), after.get(id))));
}
