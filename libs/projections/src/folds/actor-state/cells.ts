import { type Facet, interval, type Mode, unsettled } from '#domain';
import { shownCondition, type ConditionState } from '../stories/rows.js';
import type { CitedMark } from './rows.js';

/** One development that a cell cites, with the state of its conditions. */
export type Citation = Omit<CitedMark, 'story' | 'actor' | 'facet' | 'key' | 'mark' | 'ordinal' | 'begun'> & {
  readonly conditions: readonly ({ readonly id: string } & Omit<ConditionState, 'text_id'>)[];
};

/** The fields of a mark that decide its cell, and whether it is current there. */
export type Weighed = Pick<
  CitedMark,
  'actor' | 'facet' | 'key' | 'development' | 'mark' | 'position' | 'ordinal' | 'occurred' | 'status'
> & { readonly mode: Mode };

/** The order of an actor's marks: as they were recorded. */
export type MarkPlace = Pick<CitedMark, 'position' | 'ordinal' | 'mark'>;

/** Identifies a cell among those of one actor in a story. */
export interface CellId {
  readonly facet: Facet;
  readonly key: string;
}

/** Identifies a cell among those of all actors in a story. */
export interface ActorCell extends CellId {
  readonly actor: string;
}

/** A cell, and the place of its last mark. */
export type CellAt = CellId & MarkPlace;

const asserted = ({ mode }: Weighed) => mode === 'asserted';

/** Whether a mark recorded later becomes the current one. */
function takesOver(held: Weighed, later: Weighed): boolean {
  if (asserted(held) !== asserted(later)) return asserted(later);
  return interval(later.occurred).to > interval(held.occurred).from;
}

/** Compares marks by the order of recording. */
export const byPlace = (a: MarkPlace, b: MarkPlace) =>
  a.position - b.position || a.ordinal - b.ordinal || a.mark - b.mark;

/**
 * The current mark of a cell, of all its marks, newest first: the one recorded last, unless it concerns an earlier time, or is a plan,
 * condition or denial while another is asserted. Undefined if every development behind the cell was superseded.
 */
export const currentOf = <Mark extends Weighed>(marks: readonly Mark[]): Mark | undefined =>
  marks
    .filter(({ status }) => status === 'active')
    .reduceRight<Mark | undefined>((held, mark) => (!held || takesOver(held, mark) ? mark : held), undefined);

/**
 * The same, of only the newest marks of a cell. `latest`: the latest time, in milliseconds since 1970, by which one of
 * all its marks is known to have begun; null if of none such a time is known. An asserted mark that ends later than this takes over from whatever
 * was current before it, so the marks before it do not matter. Returns 'undecided' if no given mark does.
 */
export function currentOfNewest<Mark extends Weighed>(
  newest: readonly Mark[],
  latest: number | null,
): Mark | undefined | 'undecided' {
  const decides = (mark: Mark) =>
    mark.status === 'active' && asserted(mark) && interval(mark.occurred).to > (latest ?? -Infinity);
  const last = newest.findIndex(decides);
  return last < 0 ? 'undecided' : currentOf(newest.slice(0, last + 1));
}

/** Marks of one cell. */
export interface MarksOfCell<Mark> extends ActorCell {
  /** Newest first. */
  readonly marks: readonly Mark[];
}

/** Groups marks of one story into cells, the cell with the newest mark first. */
export function byCell<Mark extends Weighed>(marks: readonly Mark[]): MarksOfCell<Mark>[] {
  const newest = [...marks].sort((a, b) => byPlace(b, a));
  const groups = Map.groupBy(newest, ({ actor, facet, key }) => JSON.stringify([actor, facet, key]));
  return [...groups.values()].map(group => {
    const { actor, facet, key } = group[0]!;
    return { actor, facet, key, marks: group };
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
