import { carriedBy, contentAfter, payloadOf, type Content, type OpenEvent } from '#domain';
import type { ShownEvent } from './fold.js';
import type { Takedown, TakenDownRow, TimelineRow } from './timeline/rows.js';

/** Whether a takedown destroyed the key of the event's payload. Only the fields that the log holds in the clear are left. */
export const isForgotten = ({ data }: OpenEvent | ShownEvent): boolean =>
  ('told' in data && !payloadOf(data)) || ('withheld' in data && data.withheld.content === null);

/**
 * The content after a recording, a correction, a classification or the end of an embargo; null if its key was destroyed. `before`: the
 * content before an event that carries only a part of it.
 */
export function contentIn({ type, data }: OpenEvent | ShownEvent, before: Content | null = null): Content | null {
  if ('withheld' in data) return data.withheld.content;
  const payload = payloadOf(data);
  return payload && carriedBy(type) ? contentAfter(before, type, payload) : null;
}

/** The fields of a taken-down development's row in the timeline, except kind and place. */
export const forgotten = {
  headline: null,
  body: null,
  data: null,
  occurred: null,
  sourcing: null,
  modality: null,
  begun: null,
  byline: null,
  media: null,
  captures: null,
  actors: [],
  conditions: [],
  standing: null,
  status: 'taken-down',
} as const satisfies Partial<TakenDownRow>;

/** Whether a row of the timeline is the placeholder of a taken-down development. */
export const isTakenDown = <Row extends Pick<TimelineRow, 'status'>>(
  row: Row,
): row is Row & { readonly status: TakenDownRow['status'] } => row.status === forgotten.status;

/**
 * The takedown of a row's development, which a row of an earlier state does not hold. Null if the row is readable, or if the
 * commit of the takedown is still to come or unreadable.
 */
export const takedownOf = (
  row: Pick<TimelineRow, 'development' | 'takedown'>,
  known: ReadonlyMap<string, Takedown | null>,
): Takedown | null => row.takedown ?? known.get(row.development) ?? null;
