import type { Change } from '#contract';
import { applyChange, timelineOf, type Timeline } from './fold.js';
import type { Dateline } from './reads.js';
import { follow, type Backoff } from './stream.js';

/** What there is to show: the timeline as it stands, what changed it, and whether the connection stands. */
export interface LiveState {
  readonly timeline: Timeline;
  /** Undefined where the timeline was loaded, at first or anew. */
  readonly change?: Change | undefined;
  readonly connected: boolean;
}

export interface FollowOptions extends Backoff {
  readonly signal?: AbortSignal;
  /** Entries to begin with; those that come are added. */
  readonly limit?: number;
}

/**
 * A story's timeline, kept up to date: one state for what was loaded, and one for each change. Nothing is lost or
 * doubled when the connection breaks; where too much was missed, the timeline is loaded anew.
 */
export async function* liveTimeline(
  api: Dateline,
  story: string,
  { signal = new AbortController().signal, limit = 50, ...backoff }: FollowOptions = {},
): AsyncGenerator<LiveState> {
  let timeline = timelineOf(await api.timeline(story, { limit }));
  let connected = false;
  yield { timeline, connected };
  while (!signal.aborted) {
    let stale = false;
    for await (const { event, data } of follow(api, story, timeline.position, signal, backoff)) {
      if (event === 'resync') {
        stale = true;
        break;
      }
      if (event === 'change') {
        const next = applyChange(timeline, data);
        if (next === timeline) continue;
        timeline = next;
      } else if (event === 'hello') continue;
      else connected = event === 'connected';
      yield { timeline, connected, ...(event === 'change' && { change: data }) };
    }
    if (!stale) return;
    timeline = timelineOf(await api.timeline(story, { limit }));
    yield { timeline, connected };
  }
}
