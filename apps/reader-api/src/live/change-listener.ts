import { traceChannel } from '#platform';
import { listen } from '#postgres';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { Deliveries } from '../telemetry/deliveries.js';
import { LiveStreams } from './streams.js';

/**
 * Limits a call to one per `pauseMs` milliseconds: the first runs at once, and any number of calls during the pause lead to
 * one more after it. Notifications are untrusted, and so is their rate.
 */
export function paced(call: () => void, pauseMs: number): () => void {
  let resting = false;
  let due = false;
  const go = () => {
    resting = true;
    due = false;
    call();
    setTimeout(() => {
      resting = false;
      if (due) go();
    }, pauseMs).unref();
  };
  return () => {
    if (resting) due = true;
    else go();
  };
}

/** The channel on which the projector announces each batch. */
const channel = 'dateline';
/**
 * Minimum interval between two looks, in milliseconds. Any role of the database can notify, so a notification only prompts a
 * look; its contents are ignored.
 */
export const pauseMs = 5;

/** The process's one connection that listens for new positions, and a second one for traces if tracing is on. */
@Injectable()
export class ChangeListener implements OnModuleInit, OnModuleDestroy {
  private readonly stop = new AbortController();
  private listening: Promise<unknown> | undefined;
  private connected = false;

  constructor(
    private readonly models: ReadModels,
    private readonly streams: LiveStreams,
    private readonly deliveries: Deliveries,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {}

  /** Whether the connection is established. */
  get stands(): boolean {
    return this.connected;
  }

  onModuleInit(): void {
    const onNews = paced(() => {
      // Open streams first: both compete for the database, and a request takes its own look.
      this.streams.wake();
      this.models.moved();
    }, pauseMs);
    const onState = (connected: boolean) => (this.connected = connected);
    const { signal } = this.stop;
    const { DATABASE_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: tracing } = this.settings;
    const onTraces = (announced?: string) => announced && this.deliveries.heard(announced);
    const traces = tracing && listen(url, traceChannel, { onNews: onTraces }, signal);
    this.listening = Promise.all([listen(url, channel, { onNews, onState }, signal), traces]);
  }

  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await this.listening;
  }
}
