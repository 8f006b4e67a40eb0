import { contextOf, gaugesOf, tracer } from '#platform';
import { Inject, Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { Counter, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';

/** Injects the registry of the process's metrics. */
export const METRICS = Symbol('what the process counts');

/** Registers the number of open streams, read at scrape time. */
export function watchStreams(streams: { readonly size: number; readonly position: number }, registry: Registry): void {
  const gauge = gaugesOf(registry);
  gauge('dateline_sse_clients', 'Open streams of readers.', () => streams.size);
  gauge('dateline_reader_position', 'The last position sent to open streams.', () => streams.position);
}

/** A change that was written to the streams that follow its story. */
export interface Delivered {
  readonly position: number;
  /** When the log recorded it: ISO 8601. */
  readonly recorded: string;
}

/** The projector's notification of traces. Any role of the database can notify, so the payload is untrusted. */
const Announced = z.array(z.object({ position: z.int().positive(), parent: z.string().max(200) })).max(1_000);

/** How many traces wait for their delivery, and how many deliveries for their trace; the oldest are dropped. */
const kept = 1_000;

interface Delivery {
  readonly streams: number;
  /** Milliseconds since 1970. */
  readonly began: number;
}

/** Measures the deliveries to readers' pages and how old each change is by then. */
@Injectable()
export class Deliveries {
  private readonly traces = new Map<number, string>();
  private readonly deliveries = new Map<number, Delivery>();
  private readonly fresh: Histogram;
  private readonly dropped: Counter;

  constructor(@Inject(METRICS) registry: Registry) {
    const registers = [registry];
    this.fresh = new Histogram({
      name: 'dateline_delivery_seconds',
      help: 'Time from the recording of a change (by the editor-api’s clock) to its writing to open streams.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    });
    this.dropped = new Counter({
      name: 'dateline_sse_dropped_clients_total',
      help: 'Streams ended because their reader did not keep up.',
      registers,
    });
  }

  /** Takes the projector's notification of positions and their traces. Ignores any other form. */
  heard(announced: string): void {
    for (const { position, parent } of announcedIn(announced)) {
      // A turn for an earlier change may have read, and delivered, this one before its notification came.
      const delivery = this.deliveries.get(position);
      if (delivery) this.trace(position, parent, delivery);
      else keep(this.traces, position, parent);
    }
  }

  /** Called when changes were written to `streams` readers, in a turn that began at `began` (milliseconds since 1970). */
  delivered(changes: readonly Delivered[], streams: number, began: number): void {
    for (const { position, recorded } of changes) {
      this.fresh.observe(Math.max(0, Date.now() - Date.parse(recorded)) / 1_000);
      const parent = this.traces.get(position);
      if (parent) this.trace(position, parent, { streams, began });
      else keep(this.deliveries, position, { streams, began });
    }
  }

  private trace(position: number, parent: string, { streams, began }: Delivery): void {
    this.traces.delete(position);
    this.deliveries.delete(position);
    const options = { kind: SpanKind.PRODUCER, startTime: began, attributes: { position, streams } };
    tracer().startSpan('deliver', options, contextOf(parent)).end();
  }

  drop(): void {
    this.dropped.inc();
  }
}

function announcedIn(text: string): z.infer<typeof Announced> {
  try {
    return Announced.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

function keep<Value>(map: Map<number, Value>, position: number, value: Value): void {
  map.set(position, value);
  if (map.size > kept) map.delete(map.keys().next().value!);
}
