import type { Content, OpenEvent } from '#domain';
import type { ShownEvent } from './fold.js';
import type { Takedown, TakenDownRow, TimelineRow } from './timeline/rows.js';

/**
 * Whether the event told something that nobody can read any more, as a takedown destroyed its key. What the log says in the
 * clear is all that is left of it.
 */
export const isForgotten = ({ data }: OpenEvent | ShownEvent): boolean =>
  ('told' in data && data.told === null) || ('withheld' in data && data.withheld.content === null);

/** The content that a recording, a correction or the end of an embargo brings; null where it is forgotten. */
export function contentIn({ data }: OpenEvent | ShownEvent): Content | null {
  if ('withheld' in data) return data.withheld.content;
  return 'told' in data && data.told && 'content' in data.told ? data.told.content : null;
}

/** All that a row of the timeline says of a development that is forgotten, but for its kind and place. */
export const forgotten = {
  headline: null,
  body: null,
  data: null,
  occurred: null,
  sourcing: null,
  modality: null,
  actors: [],
  conditions: [],
  standing: null,
  status: 'taken-down',
} as const satisfies Partial<TakenDownRow>;

/** Whether a row of the timeline stands in the place of a development that was taken down. */
export const isTakenDown = <Row extends Pick<TimelineRow, 'status'>>(
  row: Row,
): row is Row & { readonly status: TakenDownRow['status'] } => row.status === forgotten.status;

/**
 * What took a row's development down: a row of an earlier moment does not say it itself. Null where the row can be read, and
 * where the commit that took it down is still to come or cannot be read.
 */
export const takedownOf = (
  row: Pick<TimelineRow, 'development' | 'takedown'>,
  known: ReadonlyMap<string, Takedown | null>,
): Takedown | null => row.takedown ?? known.get(row.development) ?? null;
