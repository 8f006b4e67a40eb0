import type { DeskStory } from '../contracts.js';
import { title } from './key-points-dialog.js';

/** How many points wait for an editor, in words; undefined if none does. */
function waitingPoints({ toRewrite, toCheck }: DeskStory['keyPoints']): string | undefined {
  const parts = [
    ...(toRewrite > 0 ? [`${toRewrite} to rewrite`] : []),
    ...(toCheck > 0 ? [`${toCheck} to check`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** The notice at the desk that key points wait. */
export function WaitingPoints({ story, onOpen }: { story: DeskStory | undefined; onOpen: () => void }) {
  const waiting = story && waitingPoints(story.keyPoints);
  if (!waiting) return null;
  return (
    <p class="meanwhile" role="status">
      <span>
        {title}: {waiting}
      </span>
      <button type="button" onClick={onOpen}>
        See the points
      </button>
    </p>
  );
}
