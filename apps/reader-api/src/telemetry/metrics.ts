import { gaugesOf } from '#platform';
import type { Registry } from 'prom-client';
import type { LiveStreams } from '../live/streams.js';

/** Registers the number of open streams, read at scrape time. */
export function watchStreams(streams: LiveStreams, registry: Registry): void {
  const gauge = gaugesOf(registry);
  gauge('dateline_sse_clients', 'Open streams of readers.', () => streams.size);
  gauge('dateline_reader_position', 'The last position sent to open streams.', () => streams.position);
}
