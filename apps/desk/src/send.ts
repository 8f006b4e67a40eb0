import { pathTo } from '#client';
import type { EditorApi } from './api.js';
import { concerning } from './concerns.js';
import type { Commit, DeskDevelopments, EndedDraft } from './contracts.js';
import { requestOf, type Draft } from './drafts.js';
import type { Reply } from './reply.js';

/** The progress of a draft. */
export type Progress =
  | { readonly at: 'editing' | 'sending' | 'pending' }
  | Exclude<Reply, { reply: 'conflict' | 'pending' }>
  /** A colleague has posted this draft. Nothing more was posted. */
  | { readonly reply: 'ended'; readonly ended: EndedDraft; readonly detail: string }
  /** Colleagues posted meanwhile. */
  | {
      readonly reply: 'conflict';
      readonly head: string;
      /** The changes that the editor should see before continuing. Empty too if there were too many to list. */
      readonly concerns: readonly Commit[];
      /** The position of the story, which includes all that colleagues posted. */
      readonly position: number;
    };

/** Whether a draft was recorded, or nothing needed to be. */
export const isSent = (progress: Progress | Reply): boolean =>
  'reply' in progress && (progress.reply === 'posted' || progress.reply === 'already-so');

const pollMs = 500;
const pollsBeforeAgain = 6;
/** How many conflicts in a row are passed without a question because no change concerns the draft. */
const unconcernedLimit = 5;

const notListed = 'Colleagues posted meanwhile, and the newsroom did not answer what. Try again in a moment.';

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/**
 * Sends a draft until its outcome is known: again after conflicts that do not concern it, and for as long as it is in
 * flight. Sending the same draft again does no harm. But the log would record it again for another person: a draft that a colleague has posted
 * meanwhile is not sent once more.
 */
export async function send(draft: Draft, api: EditorApi, onProgress: (progress: Progress) => void): Promise<Progress> {
  let request = requestOf(draft);
  for (let unconcerned = 0; ;) {
    const reply = await api.send(request);
    if (reply.reply === 'pending') {
      onProgress({ at: 'pending' });
      const settled = await settledOf(draft.id, api);
      if (settled) return settled as Progress;
    } else if (reply.reply === 'conflict') {
      const conflict = await conflictOf(draft, reply, api);
      const isFree = conflict.reply === 'conflict' && reply.meanwhile.length > 0 && conflict.concerns.length === 0;
      if (!isFree || unconcerned++ >= unconcernedLimit) return conflict;
      request = { ...request, head: reply.head };
    } else return reply;
  }
}

/** What the posts of colleagues mean for a draft that was refused because of them. */
async function conflictOf(
  draft: Draft,
  { head, meanwhile }: Extract<Reply, { reply: 'conflict' }>,
  api: EditorApi,
): Promise<Extract<Progress, { reply: 'conflict' | 'ended' | 'unreached' }>> {
  const ended = postedIn(meanwhile, draft);
  if (ended) return ended;
  const now = await storyNow(draft.story, api);
  // Without a position, an older text would count as the colleagues' latest.
  if (!now && meanwhile.length === 0) return { reply: 'unreached', detail: notListed };
  const concerns = concerning(draft, meanwhile, new Map(now?.developments.map(one => [one.id, one])));
  const position = Math.max(now?.story.position ?? 0, ...meanwhile.map(commit => commit.position));
  return { reply: 'conflict', head, concerns, position };
}

/** That a colleague has posted the draft, if one of these commits of colleagues is it. */
export function postedIn(commits: readonly Commit[], { id }: Draft): Extract<Progress, { reply: 'ended' }> | undefined {
  const posted = commits.find(({ command }) => command === id);
  if (!posted) return undefined;
  const { by, recorded } = posted;
  const detail = `${by.name ?? by.id} has posted this draft already.`;
  return { reply: 'ended', ended: { id, how: 'posted', by, ended: recorded }, detail };
}

async function settledOf(key: string, api: EditorApi): Promise<Reply | undefined> {
  for (let polls = 0; polls < pollsBeforeAgain; polls++) {
    await pause(pollMs);
    const settled = await api.settled(key);
    if (settled) return settled;
  }
  return undefined;
}

/**
 * The story and its developments in the log now: a colleague's latest post may not have arrived here yet. Undefined if they cannot be loaded.
 */
const storyNow = (story: string, api: EditorApi): Promise<DeskDevelopments | undefined> =>
  api
    .getAll<'developments', DeskDevelopments>(pathTo('stories', story, 'developments'), 'developments')
    .catch(() => undefined);
