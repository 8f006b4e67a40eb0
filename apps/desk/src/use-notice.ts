import { useEffect, useState } from 'preact/hooks';
import { isSeen, type Known } from './known.js';
import type { Progress } from './send.js';

/** A post that readers do not see yet, and what to say once they do. */
type Awaited = Extract<Progress, { reply: 'posted' }> & { readonly what: string };

/** What was done, for a post that another person has to approve. */
export const submitted = 'Submitted';

/** The notice after a post, once it is known whether readers see it. */
function settledWords({ what }: Awaited, withheld: boolean, now: string): string {
  if (!withheld) return `${what}, ${now}.`;
  if (what.startsWith(submitted)) return `${what}, ${now}. Readers see it once somebody approves it.`;
  return `Saved under embargo, ${now}. Readers see nothing of it yet.`;
}

/** The desk's latest notice. `done` reports the outcome of an act, and later that readers see it. */
export function useNotice({ story, developments, visible }: Known, clock: (recorded: string) => string) {
  const [message, say] = useState('');
  const [posted, setPosted] = useState<Awaited>();
  const done = (progress: Progress, what: string) => {
    if ('at' in progress) return;
    if (progress.reply === 'already-so') say('Nothing has changed, so nothing was posted.');
    if ('detail' in progress) say(progress.detail);
    if (progress.reply !== 'posted') return;
    setPosted({ ...progress, what });
    say('Posted. Readers see it in a moment.');
  };
  useEffect(() => {
    if (!posted || !story || story.position < posted.position) return;
    const withheld = Boolean(developments.get(posted.development ?? '')?.embargo);
    // An act that changes nothing for readers is over once it is recorded.
    if (!withheld && !isSeen({ story, visible }, posted.position)) return;
    say(settledWords(posted, withheld, clock(new Date().toISOString()).slice(0, 5)));
    setPosted(undefined);
  }, [posted, story, developments, visible]);
  return { message, say, done };
}
