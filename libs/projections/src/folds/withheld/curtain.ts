import { approvalEvents, canonicalJson, type Content, type OpenCommit, type OpenEvent, storyOf } from '#domain';
import { developmentsOf, type Held, type ShownCommit, type ShownEvent } from '../fold.js';
import type { WithheldRow } from './rows.js';

/** How people of the newsroom agree, which is told to readers by what comes of it alone. */
const amongPeople: ReadonlySet<string> = new Set(approvalEvents.map(({ shape }) => shape.type.value));
export const isAmongPeople = ({ type }: Pick<OpenEvent, 'type'>): boolean => amongPeople.has(type);

/**
 * What a commit shows to readers: everything but proposals and approvals, and the events that name a development under embargo. A lift brings the
 * development as it stands by then, so that whatever folds what is shown cannot tell what was withheld. Pure.
 */
export function draw(held: Held, commit: OpenCommit): ShownCommit {
  const { events } = commit;
  const story = storyOf(commit);
  const rowOf = (id: string) => (story === undefined ? undefined : held.get<WithheldRow>('withheld', [story, id]));
  const begun = new Set(events.filter(({ type }) => type === 'DevelopmentEmbargoed').flatMap(event => idsIn(event)));
  const lifted = new Set<string>();
  const isWithheld = (id: string) => !lifted.has(id) && (begun.has(id) || rowOf(id) !== undefined);
  const shown: ShownEvent[] = [];
  const withheld: OpenEvent[] = [];
  for (const event of events) {
    if (event.type === 'EmbargoLifted') {
      const row = rowOf(event.data.development);
      if (!row || row.retracted || row.takedown || !isWithheld(row.development)) continue;
      lifted.add(row.development);
      shown.push({ type: event.type, data: { ...event.data, withheld: asLogged(row) } });
    } else if (isAmongPeople(event) || event.type === 'EmbargoChanged' || idsIn(event).some(isWithheld))
      withheld.push(event);
    else shown.push(event);
  }
  return { ...commit, events: shown, withheld };
}

const idsIn = (event: OpenEvent) => developmentsOf({ events: [event] });

/** A table does not keep the order of members, in which a content's actors are listed. */
const asLogged = (row: WithheldRow): WithheldRow => ({
  ...row,
  content: JSON.parse(canonicalJson(row.content)) as Content | null,
});
