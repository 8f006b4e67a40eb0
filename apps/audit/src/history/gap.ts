import { evolve, noStory, type OpenCommit, type StoryEvent } from '#domain';
import type { Stores } from '#projections';
import type { Entry } from './entries.js';
import { known, pastOf, seen } from './past.js';
import { entriesAnswer, entryLines, type HistoryAnswer } from './answer.js';

/** What the desk knew of a story at an instant (ISO 8601, UTC, milliseconds) and readers did not yet see. */
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

/** The commits whose proposals a second person has still to decide on. */
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
 * What was recorded by one position, and lay beyond the other, or was under an embargo that had not been lifted by that, or is
 * a proposal that waits; how people agreed otherwise is told to no reader ever, and is no gap. Pure.
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
