import { EventSource } from 'eventsource';
import type { Change } from './reading.js';

export interface Follower {
  /** Frames that said something of a development, each position once. */
  readonly received: ReadonlySet<number>;
  close(): void;
}

const againMs = 1_000;

/**
 * Follows a story as a reader's app does, from what came after position `after`, reconnecting and resuming for as long as it is not closed.
 * `onResync` is called when the reader has to load the timeline instead.
 */
export function follow(
  live: string,
  after: number,
  onChange: (change: Change) => void,
  onResync: () => void,
): Follower {
  const received = new Set<number>();
  let last = after;
  let source: EventSource;
  let timer: NodeJS.Timeout | undefined;

  const connect = () => {
    source = new EventSource(`${live}?after=${last}`);
    source.addEventListener('change', ({ data }) => {
      const change = JSON.parse(data) as Change;
      if (change.position <= last) return;
      last = change.position;
      if (change.entries.length > 0) received.add(change.position);
      onChange(change);
    });
    source.addEventListener('resync', ({ lastEventId }) => {
      last = Number(lastEventId);
      onResync();
    });
    // It resumes by itself after a lost line, and gives up after an answer such as 503.
    source.addEventListener('error', () => {
      if (source.readyState === source.CLOSED) timer = setTimeout(connect, againMs);
    });
  };

  connect();
  return {
    received,
    close: () => {
      clearTimeout(timer);
      source.close();
    },
  };
}
