import { interval, type Facet } from '#domain';
import type { ConditionState } from '../stories/rows.js';
import type { CitedMark } from './rows.js';

/** One development that a cell rests on, with the fate of what it hangs on. */
export type Citation = Omit<CitedMark, 'story' | 'actor' | 'facet' | 'key' | 'mark' | 'ordinal'> & {
  readonly conditions: readonly ({ readonly id: string } & ConditionState)[];
};

/** What is known of an actor about one thing; without `current`, all that said so was superseded. */
export interface StateCell {
  readonly facet: Facet;
  readonly key: string;
  readonly current: Citation | null;
  /** Newest first. */
  readonly citations: readonly Citation[];
}

const asserted = (mark: CitedMark) => mark.modality.mode === 'asserted';

/** Whether a mark, told later than what is held, takes its place. */
function takesOver(held: CitedMark, later: CitedMark): boolean {
  if (asserted(held) !== asserted(later)) return asserted(later);
  return interval(later.occurred).to > interval(held.occurred).from;
}

const byOrder = (a: CitedMark, b: CitedMark) => a.position - b.position || a.ordinal - b.ordinal || a.mark - b.mark;

/**
 * The marks of one actor in one story, as cells, each in the order it was first told of. What was told later is
 * current, unless it is only of an earlier time, or a plan, condition or denial beside something asserted.
 */
export function cells(marks: readonly CitedMark[], conditions: Readonly<Record<string, ConditionState>>): StateCell[] {
  const groups = Map.groupBy([...marks].sort(byOrder), ({ facet, key }) => JSON.stringify([facet, key]));
  const cite = ({
    story: _story,
    actor: _actor,
    facet: _facet,
    key: _key,
    mark: _mark,
    ordinal: _o,
    ...rest
  }: CitedMark) => ({
    ...rest,
    conditions: (rest.modality.conditions ?? []).map(({ id, text }) => ({ ...open, text, ...conditions[id], id })),
  });
  return [...groups.values()].map(group => {
    const current = group
      .filter(mark => mark.status === 'active')
      .reduce<CitedMark | undefined>((held, mark) => (!held || takesOver(held, mark) ? mark : held), undefined);
    const { facet, key } = group[0]!;
    return { facet, key, current: current ? cite(current) : null, citations: group.toReversed().map(cite) };
  });
}

const open = { fate: null, reason: null, development: null, position: null };
