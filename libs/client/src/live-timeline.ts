import type { Change } from '#contract';
import { applyChange, timelineOf, type Timeline } from './fold.js';
import { Pauses, type Backoff } from './pauses.js';
import type { Dateline } from './reads.js';
import { follow, type LiveEvent } from './stream.js';

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
  /** Milliseconds without a byte, not even a heartbeat, after which a connection counts as lost. */
  readonly silence?: number;
}

/**
 * A story's timeline, kept up to date: one state for what was loaded, and one for each change. Nothing is lost or
 * doubled when the connection breaks; where too much was missed, the timeline is loaded anew, after a pause.
 */
export async function* liveTimeline(
  api: Dateline,
  story: string,
  { signal = new AbortController().signal, limit = 50, silence, ...backoff }: FollowOptions = {},
): AsyncGenerator<LiveState> {
  const load = async () => timelineOf(await api.timeline(story, { limit }));
  const following = { signal, pauses: new Pauses(backoff), ...(silence === undefined ? {} : { silence }) };
  let shown: Shown = { timeline: undefined, connected: false };
  for await (const told of follow(api, story, load, following)) {
    const before = shown;
    shown = after(before, told);
    const { timeline, connected } = shown;
    if (!timeline || shown === before) continue;
    yield { timeline, connected, ...(told.event === 'change' && { change: told.data }) };
  }
}

interface Shown {
  readonly timeline: Timeline | undefined;
  readonly connected: boolean;
}

/** The very same where there is nothing new to show. */
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
