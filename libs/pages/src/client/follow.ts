import { shownChange, type GivenChange } from '../shown.js';
import type { ChangeView } from '../view.js';

export type Connection = 'live' | 'connecting' | 'reconnecting' | 'offline';

export interface Followed {
  readonly onChange: (change: ChangeView) => void;
  /** What was missed is not sent again: the page has to be loaded anew. Resolves to the position that it then shows. */
  readonly onGap: () => Promise<number>;
  readonly onState: (state: Connection) => void;
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/**
 * Follows a story from a position on, each change once, for as long as the page is open. A stream that the browser gives
 * up (a server that answers with an error) is opened again here, later and later; one that breaks off, by the browser.
 */
export function follow(story: string, after: number, { onChange, onGap, onState }: Followed): void {
  let at = after;
  let waitMs = firstWaitMs;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const again = () => {
    clearTimeout(timer);
    source?.close();
    open();
  };
  const lost = () => {
    onState(navigator.onLine ? 'reconnecting' : 'offline');
    if (source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    // Not all readers at once, when a server comes back.
    timer = setTimeout(again, waitMs * (0.5 + Math.random()));
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  };

  function open(): void {
    const opened = new EventSource(`/stories/${encodeURIComponent(story)}/live?after=${at}`);
    source = opened;
    opened.onopen = () => {
      waitMs = firstWaitMs;
      onState('live');
    };
    opened.onerror = lost;
    opened.addEventListener('change', event => {
      const change = shownChange(JSON.parse((event as MessageEvent<string>).data) as GivenChange);
      if (change.position <= at) return;
      at = change.position;
      onChange(change);
    });
    opened.addEventListener('resync', () => {
      opened.close();
      void onGap().then(
        position => {
          at = position;
          again();
        },
        () => {
          onState('reconnecting');
          timer = setTimeout(again, waitMs);
        },
      );
    });
  }

  addEventListener('offline', () => onState('offline'));
  addEventListener('online', again);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', event => event.persisted && again());
  onState('connecting');
  open();
}
