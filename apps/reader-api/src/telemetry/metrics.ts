import { Gauge, type Registry } from 'prom-client';
import type { LiveStreams } from '../live/streams.js';

/** How many follow, looked up at each scrape. */
export function watchStreams(streams: LiveStreams, registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('dateline_sse_clients', 'Streams that readers have open.', () => streams.size);
  gauge('dateline_reader_position', 'The position that open streams were last brought to.', () => streams.position);
}
