import { canonicalJson, readerVisibility, storyOf, type Content, type EmbargoStatus, type OpenCommit } from '#domain';
import type { Held, LiftedRow, ShownCommit, ShownEvent } from '../fold.js';
import type { WithheldRow } from './rows.js';

/**
 * The part of a commit that readers may see. The event that lifts an embargo carries the development's current state, so that folds of
 * the shown events reveal nothing about the withheld ones. Pure.
 */
export function visibleToReaders(held: Held, commit: OpenCommit): ShownCommit {
  const { events } = commit;
  const story = storyOf(commit);
  const rowOf = (id: string) => (story === undefined ? undefined : held.get<WithheldRow>('withheld', [story, id]));
  const visibility = readerVisibility(events, id => statusOf(rowOf(id)));
  const shown = events.flatMap((event, index): ShownEvent[] => {
    if (visibility[index] !== 'shown') return [];
    if (event.type !== 'EmbargoLifted') return [event];
    const { type, data } = event;
    return [{ type, data: { ...data, withheld: liftedOf(rowOf(data.development)!) } }];
  });
  return { ...commit, events: shown, withheld: events.filter((_, index): boolean => visibility[index] === 'withheld') };
}

function statusOf(row: WithheldRow | undefined): EmbargoStatus {
  if (!row) return 'none';
  return row.retracted || row.takedown ? 'over' : 'embargoed';
}

function liftedOf({
  story: _story,
  position: _position,
  until: _until,
  retracted: _retracted,
  ...row
}: WithheldRow): LiftedRow {
  // Postgres does not keep the order of members, on which the order of a content's actors depends.
  return { ...row, content: JSON.parse(canonicalJson(row.content)) as Content | null };
}
