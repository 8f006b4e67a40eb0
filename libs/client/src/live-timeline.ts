import type { Change } from '#contract';
import { applyChange, timelineOf, type Timeline } from './fold.js';
import { Pauses, type Backoff } from './pauses.js';
import type { Dateline } from './reads.js';
import { follow, type LiveEvent } from './stream.js';

/** The state to show: the timeline, the change that led to it, and whether the connection is up. */
export interface LiveState {
  readonly timeline: Timeline;
  /** Undefined if the timeline was loaded, at first or again. */
  readonly change?: Change | undefined;
  readonly connected: boolean;
}

/** Options of `liveTimeline`. */
export interface FollowOptions extends Backoff {
  readonly signal?: AbortSignal;
  /** The number of entries to load first; new ones are added. */
  readonly limit?: number;
  /** Milliseconds without a byte, heartbeats included, after which a connection counts as lost. */
  readonly silence?: number;
}

/**
 * Follows a story's timeline: yields a state for each load, and one for each change. Lost connections neither lose nor duplicate
 * changes; if too much was missed, the timeline is loaded again after a pause.
 */
export async function* liveTimeline(
  api: Dateline,
  story: string,
  { signal = new AbortController().signal, limit = 50, silence, ...backoff }: FollowOptions = {},
): AsyncGenerator<LiveState> {
  const load = async (until: AbortSignal) => timelineOf(await api.timeline(story, { limit }, until));
  const following = { signal, pauses: new Pauses(backoff), ...(silence === undefined ? {} : { silence }) };
  let shown: Shown = { timeline: undefined, connected: false };
  for await (const event of follow(api, story, load, following)) {
    const before = shown;
    shown = after(before, event);
    const { timeline, connected } = shown;
    if (!timeline || shown === before) continue;
    yield { timeline, connected, ...(event.event === 'change' && { change: event.data }) };
  }
}

interface Shown {
  readonly timeline: Timeline | undefined;
  readonly connected: boolean;
}

/** Returns the same object if there is nothing new to show. */
function after(shown: Shown, { event, data }: LiveEvent<Timeline>): Shown {
  switch (event) {
    case 'loaded':
      return { ...shown, timeline: data };
    case 'change': {
      const timeline = shown.timeline && applyChange(shown.timeline, data);
      return timeline === shown.timeline ? shown : { ...shown, timeline };
    }
    case 'connected':
    case 'disconnected':
      return { ...shown, connected: event === 'connected' };
    default:
      return shown;
  }
}
