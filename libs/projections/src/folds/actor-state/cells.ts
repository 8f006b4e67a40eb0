import { type Facet, interval, unsettled } from '#domain';
import { shownCondition, type ConditionState } from '../stories/rows.js';
import type { CitedMark } from './rows.js';

/** One development that a cell cites, with the state of its conditions. */
export type Citation = Omit<CitedMark, 'story' | 'actor' | 'facet' | 'key' | 'mark' | 'ordinal' | 'begun'> & {
  readonly conditions: readonly ({ readonly id: string } & Omit<ConditionState, 'text_id'>)[];
};

/** The fields of a mark that decide its cell, and whether it is current there. */
export type Weighed = Pick<
  CitedMark,
  'facet' | 'key' | 'development' | 'mark' | 'position' | 'ordinal' | 'occurred' | 'modality' | 'status'
>;

/** The order of an actor's marks: as they were recorded. */
export type MarkPlace = Pick<CitedMark, 'position' | 'ordinal' | 'mark'>;

/** Identifies a cell among those of one actor in a story. */
export interface CellId {
  readonly facet: Facet;
  readonly key: string;
}

/** A cell, and the place of its first mark. */
export type CellAt = CellId & MarkPlace;

/** The marks of one cell. */
export interface MarksOfCell<Mark> extends CellId {
  /** Undefined if every development behind it was superseded. */
  readonly current: Mark | undefined;
  /** Newest first. */
  readonly citations: readonly Mark[];
}

const asserted = (mark: Weighed) => mark.modality.mode === 'asserted';

/** Whether a mark recorded later becomes the current one. */
function takesOver(held: Weighed, later: Weighed): boolean {
  if (asserted(held) !== asserted(later)) return asserted(later);
  return interval(later.occurred).to > interval(held.occurred).from;
}

/** Compares marks by the order of recording. */
export const byPlace = (a: MarkPlace, b: MarkPlace) =>
  a.position - b.position || a.ordinal - b.ordinal || a.mark - b.mark;

/**
 * Groups the marks of one actor in one story into cells, in the order of each cell's first mark. The mark recorded last is current,
 * unless it concerns an earlier time, or is a plan, condition or denial while another is asserted.
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

/** The mark as its cell cites it. */
export function cite(mark: CitedMark, conditions: Readonly<Record<string, ConditionState>>): Citation {
  const { story: _story, actor: _actor, facet: _facet, key: _key, ...cited } = mark;
  const { mark: _mark, ordinal: _ordinal, begun: _begun, ...rest } = cited;
  const hangsOn = (rest.modality.conditions ?? []).map(({ id, text }) => ({
    ...unsettled,
    text,
    ...(conditions[id] && shownCondition(conditions[id])),
    id,
  }));
  return { ...rest, conditions: hangsOn };
}
