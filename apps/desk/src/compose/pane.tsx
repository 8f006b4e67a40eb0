import type { DeskDevelopment } from '../contracts.js';
import { concerning, summaryOf } from '../concerns.js';
import type { Known } from '../known.js';
import { isUnsaved } from '../drafts.js';
import type { Progress } from '../send.js';
import { Key } from '../ui/keys.js';
import type { Composing } from '../use-draft.js';

/** Colleagues' posts since the draft was begun that concern it. */
export function Meanwhile({ composing, known }: { composing: Composing; known: Known }) {
  const { draft, change } = composing;
  if (!draft?.head || !known.story || known.story.head === draft.head) return null;
  const since = known.recent.findIndex(({ commit }) => commit === draft.head);
  const developments: ReadonlyMap<string, DeskDevelopment> = known.developments;
  const concerns = concerning(draft, since < 0 ? known.recent : known.recent.slice(0, since), developments);
  const [first] = concerns;
  if (!first) return null;
  const words = first.development && known.entries.get(first.development)?.headline;
  return (
    <p class="meanwhile" role="status">
      <span>
        Since you began, {summaryOf(first)}
        {words && <q>{words}</q>}
        {concerns.length > 1 && ` and ${concerns.length - 1} more`}
      </span>
      {/* A correction replaces the whole content: its author must first see the differences, in the conflict. */}
      {draft.act !== 'correct' && (
        <button type="button" class="button-quiet" onClick={() => change({ head: known.story!.head })}>
          Dismiss
        </button>
      )}
    </p>
  );
}

const said = (progress: Progress): string | undefined => {
  if ('at' in progress)
    return {
      editing: undefined,
      sending: 'Sending …',
      pending: 'Sent. Waiting for the newsroom to confirm it …',
    }[progress.at];
  switch (progress.reply) {
    case 'unreached':
      return `${progress.detail} Your draft is kept here. You can safely post it again: it is published only once.`;
    case 'refused':
      return progress.errors.length > 0 ? 'Not posted yet: see the marked fields.' : progress.detail;
    case 'signed-out':
      return 'Your sign-in has ended. Your draft is kept here. Sign in again to post it.';
    default:
      return undefined;
  }
};

/** Where what is typed is kept, in words. */
function keptWords({ kept, shared, draft }: Composing): string {
  const here = kept ? 'Kept in this browser as you type' : 'This browser cannot keep drafts. Do not close the page';
  if (shared.at === 'saved' && draft?.saved && !isUnsaved(draft)) return 'Saved: your team can read and continue it.';
  if (shared.at === 'failed') return `${here}. Not saved for your team yet: ${shared.detail}`;
  return `${here}.`;
}

/** The state of the draft, and the actions on it. */
export function Foot({
  composing,
  onPost,
  label,
  pristine,
  others,
  onOthers,
}: {
  composing: Composing;
  onPost: () => void;
  label: string;
  /** Nothing was written yet. */
  pristine: boolean;
  /** How many other drafts there are, and what shows them. */
  others: number;
  onOthers: () => void;
}) {
  const { draft, progress, discard } = composing;
  const busy = 'at' in progress && progress.at !== 'editing';
  const text = said(progress);
  const alarming = 'reply' in progress && progress.reply === 'refused';
  return (
    <footer class="foot-of-draft">
      <p class={alarming ? 'error' : 'hint'} role="status" aria-live="polite">
        {text ?? keptWords(composing)}
      </p>
      <p class="buttons">
        <button type="button" class="button-main" aria-disabled={busy} onClick={onPost}>
          {busy ? 'Sending …' : label} <Key>Ctrl ↵</Key>
        </button>
        {!pristine && !busy && (
          <button type="button" class="button-quiet" onClick={discard}>
            Discard
          </button>
        )}
        {!pristine && others > 0 && draft && (
          <button type="button" class="button-quiet" onClick={onOthers}>
            Other drafts: {others}
          </button>
        )}
      </p>
    </footer>
  );
}
