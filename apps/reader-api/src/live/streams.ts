import { refolded, type Reading, type Refolded } from '#projections';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { framesAfter } from './catch-up.js';
import type { LiveClient } from './client.js';
import { Deliveries } from '../telemetry/deliveries.js';
import { deliver, type Sent } from './deliver.js';
import * as frames from './frames.js';

const retryMs = 1_000;

/**
 * All open streams of this process. They are only ever written to in turns, one at a time: a turn reads one snapshot and
 * brings every client to its position, so that catching up and following are the same step and cannot overlap.
 */
@Injectable()
export class LiveStreams implements OnModuleDestroy {
  private readonly logger = new Logger('live');
  private readonly clients = new Set<LiveClient>();
  private readonly beat: NodeJS.Timeout;
  private log: string | null = null;
  private due = false;
  private turning: Promise<void> | undefined;
  private closed = false;
  /** To which the last turn brought everybody. */
  position = 0;

  constructor(
    private readonly models: ReadModels,
    private readonly deliveries: Deliveries,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {
    this.beat = setInterval(() => this.toAll(frames.heartbeat), settings.HEARTBEAT_MS);
  }

  get open(): boolean {
    return !this.closed;
  }

  get size(): number {
    return this.clients.size;
  }

  join(client: LiveClient): void {
    client.write(frames.opening);
    this.clients.add(client);
    this.wake();
  }

  leave(client: LiveClient): void {
    this.clients.delete(client);
  }

  /** There may be news. Any number of calls while a turn runs make for one more turn after it. */
  wake(): void {
    this.due = true;
    this.turning ??= this.turns().finally(() => {
      this.turning = undefined;
      if (this.due) this.wake();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    clearInterval(this.beat);
    await this.turning;
    for (const client of this.clients) client.end();
    this.clients.clear();
  }

  private async turns(): Promise<void> {
    while (this.due) {
      this.due = false;
      if (this.closed || this.clients.size === 0) return;
      // Whoever is here before the snapshot is taken cannot have seen anything later than it.
      const clients = [...this.clients];
      try {
        await this.models.read(reading => this.turn(reading, clients));
      } catch (error) {
        this.logger.warn(error);
        setTimeout(() => this.wake(), retryMs).unref();
      }
    }
  }

  /** Writes nothing before everything is read: a turn that fails leaves every client where it stood. */
  private async turn(reading: Reading, clients: readonly LiveClient[]): Promise<void> {
    const { LIVE_BACKLOG: backlog } = this.settings;
    const { position } = reading;
    const byStory = Map.groupBy(clients, ({ story }) => story);
    const found = new Map<string, { changes: Sent[]; refolded: Refolded }>();
    for (const [story, followers] of byStory) {
      const least = followers.reduce((at, { stand }) => Math.min(at, stand.at ?? position), position);
      const changes = await framesAfter(reading, story, least, backlog + 1);
      found.set(story, { changes, refolded: await refolded(reading.client, story) });
    }
    const sameLog = this.isSameLog(reading);
    const began = Date.now();
    const stood = followed(clients);
    for (const client of clients) {
      const { stand } = client;
      const snapshot = { position, sameLog, ...found.get(client.story)! };
      const [due, next] = deliver(stand, snapshot, backlog);
      client.stand = next;
      if (stand.joined) client.write(...due);
      else client.welcome(...due);
    }
    this.position = position;
    for (const [story, joined] of stood)
      this.deliveries.delivered(
        found.get(story)!.changes.filter(change => change.position > joined.at),
        joined.size,
        began,
      );
  }

  private isSameLog({ log }: Reading): boolean {
    const before = this.log;
    this.log = log;
    return before === null || before === log;
  }

  private toAll(bytes: Buffer): void {
    for (const client of this.clients) client.write(bytes);
  }
}

/** Of each story that somebody follows already: the latest position that one of them stands at, and how many they are. */
function followed(clients: readonly LiveClient[]): Map<string, { readonly at: number; readonly size: number }> {
  const stood = new Map<string, { at: number; size: number }>();
  for (const { story, stand } of clients) {
    if (!stand.joined) continue;
    const { at, size } = stood.get(story) ?? { at: 0, size: 0 };
    stood.set(story, { at: Math.max(at, stand.at ?? 0), size: size + 1 });
  }
  return stood;
}
