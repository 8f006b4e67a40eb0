import { type Facet, interval, unsettled } from '#domain';
import type { ConditionState } from '../stories/rows.js';
import type { CitedMark } from './rows.js';

/** One development that a cell rests on, with the fate of what it hangs on. */
export type Citation = Omit<CitedMark, 'story' | 'actor' | 'facet' | 'key' | 'mark' | 'ordinal'> & {
  readonly conditions: readonly ({ readonly id: string } & ConditionState)[];
};

/** As much of a mark as says to which cell it belongs, and whether it is current there. */
export type Weighed = Pick<
  CitedMark,
  'facet' | 'key' | 'development' | 'mark' | 'position' | 'ordinal' | 'occurred' | 'modality' | 'status'
>;

/** Where a mark stands among those of an actor, in the order in which they were told. */
export type MarkPlace = Pick<CitedMark, 'position' | 'ordinal' | 'mark'>;

export interface CellId {
  readonly facet: Facet;
  readonly key: string;
}

/** A cell, by the place of the first mark in it. */
export type CellAt = CellId & MarkPlace;

/** The marks of one cell. */
export interface MarksOfCell<Mark> extends CellId {
  /** Undefined where all that said so was superseded. */
  readonly current: Mark | undefined;
  /** Newest first. */
  readonly citations: readonly Mark[];
}

const asserted = (mark: Weighed) => mark.modality.mode === 'asserted';

/** Whether a mark, told later than what is held, takes its place. */
function takesOver(held: Weighed, later: Weighed): boolean {
  if (asserted(held) !== asserted(later)) return asserted(later);
  return interval(later.occurred).to > interval(held.occurred).from;
}

export const byPlace = (a: MarkPlace, b: MarkPlace) =>
  a.position - b.position || a.ordinal - b.ordinal || a.mark - b.mark;

/**
 * The marks of one actor in one story by cells, each cell in the order in which it was first told of. What was told later is
 * current, unless it is only of an earlier time, or a plan, condition or denial beside something asserted.
 */
export function byCell<Mark extends Weighed>(marks: readonly Mark[]): MarksOfCell<Mark>[] {
  const groups = Map.groupBy([...marks].sort(byPlace), ({ facet, key }) => JSON.stringify([facet, key]));
  return [...groups.values()].map(group => {
    const current = group
      .filter(mark => mark.status === 'active')
      .reduce<Mark | undefined>((held, mark) => (!held || takesOver(held, mark) ? mark : held), undefined);
    const { facet, key } = group[0]!;
    return { facet, key, current, citations: group.toReversed() };
  });
}

/** A mark as a cell cites it. */
export function cite(mark: CitedMark, conditions: Readonly<Record<string, ConditionState>>): Citation {
  const { story: _story, actor: _actor, facet: _facet, key: _key, mark: _mark, ordinal: _ordinal, ...rest } = mark;
  const hangsOn = (rest.modality.conditions ?? []).map(({ id, text }) => ({
    ...unsettled,
    text,
    ...conditions[id],
    id,
  }));
  return { ...rest, conditions: hangsOn };
}
