import { Dateline, follow as followStory, Pauses, runAgain, type Loaded } from '#client';
import { shownChange, type GivenChange } from '../shown.js';
import type { ChangeView } from '../view.js';

/** The connection's state, as the page shows it. */
export type Connection = 'live' | 'connecting' | 'reconnecting' | 'offline';

/** Callbacks for changes, gaps and the state of the connection. */
export interface Followed {
  readonly onChange: (change: ChangeView) => void;
  /**
   * Called when missed changes are not sent again: must load the page again, unless `session` is aborted. Resolves with its new state.
   */
  readonly onGap: (session: AbortSignal) => Promise<Loaded>;
  readonly onState: (state: Connection) => void;
}

/** The parts of the browser that following depends on. */
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

/**
 * Follows a story from the state that the page shows, each change once, while the page is open. After failures it waits longer each
 * time; it retries at once when the network is back or the page is shown again.
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

  async function run(signal: AbortSignal): Promise<void> {
    const load = async () => (held ??= await onGap(signal));
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

  function begin(): void {
    session.abort();
    const { signal } = (session = new AbortController());
    void runAgain(() => run(signal), { signal, onFailure: () => onState('reconnecting') });
  }

  on('offline', () => onState('offline'));
  on('online', begin);
  on('pagehide', () => session.abort());
  on('pageshow', event => (event as PageTransitionEvent).persisted && begin());
  onState('connecting');
  begin();
}
