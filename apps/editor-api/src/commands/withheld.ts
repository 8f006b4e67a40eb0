import { embargoStatusIn, readerVisibility, type Commit, type StoryState } from '#domain';
import type { Map as Dictionary } from 'immutable';

/** Of each development under embargo the one event that tells its content as it stands: sealed, in a commit of its own. */
export type Withheld = Dictionary<string, Commit>;

/** Development ids are the story's own. */
export const withheldKey = (stream: string, development: string): string => `${stream}/${development}`;

/** What is under embargo after one more commit, as the log holds it: nothing is opened here. Pure, and total. */
export function withhold(held: Withheld, commit: Commit): Withheld {
  const { stream, events } = commit;
  const begun = new Set(events.flatMap(({ type, data }) => (type === 'DevelopmentEmbargoed' ? data.development : [])));
  return events.reduce((now, event) => {
    const { type, data } = event;
    if (type !== 'DevelopmentRecorded' && type !== 'DevelopmentCorrected' && type !== 'EmbargoLifted') return now;
    const key = withheldKey(stream, data.development);
    if (type === 'EmbargoLifted') return now.delete(key);
    const isWithheld = type === 'DevelopmentRecorded' ? begun.has(data.development) : now.has(key);
    return isWithheld ? now.set(key, { ...commit, events: [event] }) : now;
  }, held);
}

/** Whether readers get anything of a story's commit, given the story before it. Pure. */
export const isReadable = (before: StoryState, { events }: Commit): boolean =>
  readerVisibility(events, embargoStatusIn(before)).includes('shown');
