import { follow as followStory, type Dateline, type Loaded } from '#client';
import type { Change } from '#contract';

/** A running follower of a story. */
export interface Follower {
  /** Positions of frames with a development, each once. */
  readonly received: ReadonlySet<number>;
  close(): void;
}

/**
 * Follows a story after position `after` as a reader's app does, and reconnects and resumes until closed. `onResync` is
 * called when the reader must load the timeline instead, and returns its state; `onEnd` is called when the API refuses
 * permanently.
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
