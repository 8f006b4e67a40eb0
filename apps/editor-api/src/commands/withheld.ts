import { embargoStatusIn, readerVisibility, type Commit, type StoryState } from '#domain';
import type { Map as Dictionary } from 'immutable';

/** For each development under embargo, the commit of the one event that carries its current content, still sealed. */
export type Withheld = Dictionary<string, Commit>;

/** The key of a development in `Withheld`. Development ids are unique only within a story. */
export const withheldKey = (stream: string, development: string): string => `${stream}/${development}`;

/** Updates the withheld developments with one more commit. It unseals nothing. Pure, and total. */
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

/** Whether readers see any part of a story's commit. `before`: the story before it. Pure. */
export const isReadable = (before: StoryState, { events }: Commit): boolean =>
  readerVisibility(events, embargoStatusIn(before)).includes('shown');
