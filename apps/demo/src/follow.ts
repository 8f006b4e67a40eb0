import { Dateline, follow as followStory, type Loaded } from '#client';
import type { Change } from './reading.js';

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
  reader: string,
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
    for await (const { event, data } of followStory(new Dateline(reader), story, load, session)) {
      if (session.signal.aborted) return;
      if (event !== 'change') continue;
      const change = data as unknown as Change;
      if (change.entries.length > 0) received.add(change.position);
      onChange(change);
    }
  };
  run().catch(onEnd);
  return { received, close: () => session.abort() };
}
