import { Dateline, follow as followStory, pause, Pauses, type Loaded } from '#client';
import { shownChange, type GivenChange } from '../shown.js';
import type { ChangeView } from '../view.js';

export type Connection = 'live' | 'connecting' | 'reconnecting' | 'offline';

export interface Followed {
  readonly onChange: (change: ChangeView) => void;
  /** What was missed is not sent again: the page has to be loaded anew. Resolves to what it then shows. */
  readonly onGap: () => Promise<Loaded>;
  readonly onState: (state: Connection) => void;
}

/** The browser, as far as following depends on it. */
export interface FollowOptions {
  readonly origin: string;
  readonly online: () => boolean;
  readonly on: (event: 'offline' | 'online' | 'pagehide' | 'pageshow', heard: (event: Event) => void) => void;
}

const ofBrowser: FollowOptions = {
  origin: globalThis.location?.origin,
  online: () => navigator.onLine,
  on: (event, heard) => addEventListener(event, heard),
};

/** How long a page rests that the server has refused, in milliseconds: a reader may leave it open for days. */
const restMs = 60_000;

/**
 * Follows a story from what the page shows on, each change once, for as long as the page is open. After any failure it
 * waits, longer each time; a line that is back, and a page that is shown again, it tries at once.
 */
export function follow(
  story: string,
  shown: Loaded,
  { onChange, onGap, onState }: Followed,
  { origin, online, on }: FollowOptions = ofBrowser,
  pauses = new Pauses(),
): void {
  const api = new Dateline(origin);
  let held: Loaded | undefined = shown;
  let session = new AbortController();
  const load = async () => (held ??= await onGap());

  async function run(signal: AbortSignal): Promise<void> {
    for await (const { event, data } of followStory(api, story, load, { signal, pauses })) {
      if (signal.aborted) return;
      if (event === 'connected') onState('live');
      else if (event === 'disconnected') onState(online() ? 'reconnecting' : 'offline');
      else if (event === 'resync') held = undefined;
      else if (event === 'change' && held && data.position > held.position) {
        held = { ...held, position: data.position };
        onChange(shownChange(data as GivenChange));
      }
    }
  }

  async function begin(): Promise<void> {
    session.abort();
    const { signal } = (session = new AbortController());
    while (!signal.aborted)
      try {
        await run(signal);
      } catch {
        onState('reconnecting');
        await pause(restMs, signal);
      }
  }

  on('offline', () => onState('offline'));
  on('online', () => void begin());
  on('pagehide', () => session.abort());
  on('pageshow', event => (event as PageTransitionEvent).persisted && void begin());
  onState('connecting');
  void begin();
}
