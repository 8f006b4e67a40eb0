import type { Change } from '#contract';
import { applyChange, timelineOf, type Timeline } from './fold.js';
import { Pauses, type Backoff } from './pauses.js';
import type { Dateline } from './reads.js';
import { follow } from './stream.js';

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
  let timeline: Timeline | undefined;
  let connected = false;
  for await (const { event, data } of follow(api, story, load, following)) {
    const before = timeline;
    if (event === 'loaded') timeline = data;
    else if (event === 'change') timeline = timeline && applyChange(timeline, data);
    else if (event === 'connected' || event === 'disconnected') connected = event === 'connected';
    if (!timeline || event === 'hello' || event === 'resync') continue;
    if (event === 'change' && timeline === before) continue;
    yield { timeline, connected, ...(event === 'change' && { change: data }) };
  }
}
