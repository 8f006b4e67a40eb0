import { follow as followStory, type Dateline, type Loaded } from '#client';
import type { Change } from '#contract';

export interface Follower {
  /** Frames that said something of a development, each position once. */
  readonly received: ReadonlySet<number>;
  close(): void;
}

/**
 * Follows a story as a reader's app does, from what came after position `after`, reconnecting and resuming for as long as it is not closed.
 * `onResync` is called when the reader has to load the timeline instead, and gives what it then holds; `onEnd`, when the
 * API refuses for good.
 */
export function follow(
  api: Dateline,
  story: string,
  after: number,
  onChange: (change: Change) => void,
  onResync: () => Promise<Loaded>,
  onEnd: (error: unknown) => void,
): Follower {
  const received = new Set<number>();
  const session = new AbortController();
  let begun = false;
  const load = async () => {
    if (begun) return onResync();
    begun = true;
    return { position: after };
  };
  const run = async () => {
    for await (const { event, data } of followStory(api, story, load, session)) {
      if (session.signal.aborted) return;
      if (event !== 'change') continue;
      if (data.entries.length > 0) received.add(data.position);
      onChange(data);
    }
  };
  run().catch(onEnd);
  return { received, close: () => session.abort() };
}
