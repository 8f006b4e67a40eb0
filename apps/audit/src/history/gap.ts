import { evolve, noStory, type OpenCommit, type StoryEvent } from '#domain';
import type { Stores } from '#projections';
import type { Entry } from './entries.js';
import { known, pastOf, seen } from './past.js';
import { entriesAnswer, entryLines, type HistoryAnswer } from './answer.js';

/** The content of a story that the desk knew at an instant (ISO 8601, UTC, milliseconds) and readers could not see yet. */
export function gap(stores: Stores, story: string, at: string): Promise<HistoryAnswer> {
  return pastOf(stores, story, async past => {
    const [visible, recorded] = [await seen(past, at), await known(past, { instant: at })];
    const open = openProposals(past.story.filter(({ position }) => position <= recorded));
    const entries = hidden(past.entries, { visible, recorded, open });
    const none = `At ${at} readers could see everything that the desk had recorded of ${story}.`;
    return {
      json: { story, at, known: recorded, visible, ...entriesAnswer(entries) },
      lines: entryLines(entries, none),
    };
  });
}

/** The commits whose proposals still wait for a second person. */
export const openProposals = (commits: readonly OpenCommit[]): ReadonlySet<string> =>
  new Set(
    commits
      .reduce(
        (state, commit) => commit.events.reduce((held, event) => evolve(held, event as StoryEvent, commit), state),
        noStory,
      )
      .proposals.keys(),
  );

/**
 * The entries recorded by one position that were beyond the visible one, or under an embargo that was not lifted by then, or
 * are waiting proposals. Other internal approvals are never shown to readers, so they are no gap. Pure.
 */
export function hidden(
  entries: readonly Entry[],
  by: { readonly visible: number; readonly recorded: number; readonly open: ReadonlySet<string> },
): Entry[] {
  const shown = entries.filter(({ position }) => position <= by.visible);
  const lifted = new Set(shown.filter(({ act }) => act === 'EmbargoLifted').map(({ development }) => development));
  return entries.filter(
    ({ position, commit, embargoed, development }) =>
      position <= by.recorded &&
      (position > by.visible || (embargoed && !lifted.has(development)) || by.open.has(commit)),
  );
}
