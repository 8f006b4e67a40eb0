import { Places } from '#platform';
import { allOf, preparing, sizeClass } from '#postgres';
import { readablePosition, rewritesOf, type Reading } from '#projections';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ReadModels } from '../read-models.js';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { pageAfter, type ChangesPage } from './catch-up.js';
import type { LiveClient } from './client.js';
import { Deliveries } from '../telemetry/deliveries.js';
import { deliver, type Snapshot } from './deliver.js';

const retryMs = 1_000;

/** Maximum number of groups of late readers that one turn serves. */
const catchingUp = 8;

/** The clients at one position of a story. */
interface Group {
  readonly story: string;
  readonly at: number;
  readonly followers: readonly LiveClient[];
}

function groupsOf(clients: readonly LiveClient[], position: number): Group[] {
  return [...Map.groupBy(clients, client => client.story)].flatMap(([story, ofStory]) =>
    [...Map.groupBy(ofStory, ({ stand }) => stand.at ?? position)].map(([at, followers]) => ({ story, at, followers })),
  );
}

const nothing: ChangesPage = { changes: [], more: false, tooMany: false };

/**
 * All open streams of this process. They are written to only in turns, one at a time: a turn reads one snapshot and brings
 * every client to its position. So catching up and following are the same step and cannot overlap.
 */
@Injectable()
export class LiveStreams implements OnModuleDestroy {
  private readonly logger = new Logger('live');
  private readonly clients = new Set<LiveClient>();
  /** One place for each stream, taken before its story is looked up. */
  readonly places: Places;
  private readonly heartbeat: NodeJS.Timeout;
  private log: string | null = null;
  private due = false;
  /** The clients that had no room in a turn. */
  private readonly leftOut = new WeakSet<LiveClient>();
  private turning: Promise<void> | undefined;
  private closed = false;
  /** The position of the last turn. */
  position = 0;

  constructor(
    private readonly models: ReadModels,
    private readonly deliveries: Deliveries,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {
    this.places = new Places(settings.LIVE_STREAMS, settings.LIVE_STREAMS_PER_ADDRESS);
    this.heartbeat = setInterval(() => this.beatAll(), settings.HEARTBEAT_MS);
  }

  get open(): boolean {
    return !this.closed;
  }

  get size(): number {
    return this.clients.size;
  }

  join(client: LiveClient): void {
    this.clients.add(client);
    this.wake();
  }

  /** Called when the client has received everything: it may have missed a turn meanwhile, also one that moved no position. */
  roomFor(client: LiveClient): void {
    if (this.leftOut.delete(client) || (client.stand.at ?? 0) < this.position) this.wake();
  }

  leave(client: LiveClient): void {
    this.clients.delete(client);
  }

  /** Called when changes may exist. Any number of calls during a turn lead to one more turn. */
  wake(): void {
    this.due = true;
    this.turning ??= this.turns().finally(() => {
      this.turning = undefined;
      if (this.due) this.wake();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    clearInterval(this.heartbeat);
    await this.turning;
    for (const client of this.clients) client.end();
    this.clients.clear();
  }

  private async turns(): Promise<void> {
    while (this.due) {
      this.due = false;
      if (this.closed || this.clients.size === 0) return;
      // A client that joined before the snapshot cannot have seen a later state.
      const clients = [...this.clients].filter(({ ready }) => ready);
      for (const client of this.clients) if (!client.ready) this.leftOut.add(client);
      if (clients.length === 0) return;
      try {
        await this.models.read(reading => this.turn(reading, clients));
      } catch (error) {
        this.logger.warn(error);
        setTimeout(() => this.wake(), retryMs).unref();
      }
    }
  }

  /**
   * Serves the clients that are up to date first, then some of the late ones. The other late ones wait for the next turn, so
   * that they delay nobody. After a failed turn each client continues from its last position.
   */
  private async turn(snapshot: Reading, clients: readonly LiveClient[]): Promise<void> {
    const { position, build } = snapshot;
    const reading = { ...snapshot, client: preparing(snapshot.client, `${build} ${sizeClass(position)}`) };
    const asked = readablePosition(reading.client, position);
    const sameLog = this.log === null || this.log === reading.log;
    const groups = groupsOf(clients, position);
    const level = this.position || position;
    const behind = groups.filter(({ at }) => at < level);
    if (behind.length > catchingUp) this.due = true;
    const now = behind.slice(0, catchingUp);
    // The late groups served now come last in the next turn.
    for (const client of now.flatMap(({ followers }) => followers))
      if (this.clients.delete(client)) this.clients.add(client);
    for (const group of [...groups.filter(({ at }) => at >= level), ...now]) {
      const known = rewritesOf(reading.client, group.story);
      const missed = group.at < position ? this.pageFor(reading, group, known) : Promise.resolve(nothing);
      const [readable, rewritten, page] = await allOf(asked, known, missed);
      this.serve(group, { position, readable, sameLog, ...page, rewritten });
    }
    this.log = reading.log;
    this.position = position;
  }

  private pageFor(reading: Reading, { story, at }: Group, rewritten: ReturnType<typeof rewritesOf>) {
    return pageAfter(reading, story, at, rewritten, this.settings.LIVE_BACKLOG);
  }

  private serve({ followers }: Group, snapshot: Snapshot): void {
    const began = Date.now();
    const following = followers.filter(({ stand }) => stand.joined).length;
    for (const client of followers) {
      const [due, next] = deliver(client.stand, snapshot);
      client.stand = next;
      client.write(...due);
      if (snapshot.more && client.ready) this.due = true;
    }
    if (following > 0 && !snapshot.more) this.deliveries.delivered(snapshot.changes, following, began);
  }

  /** A client that is still receiving needs no heartbeat, and a new one gets its hello first. */
  private beatAll(): void {
    for (const client of this.clients) if (client.ready && client.stand.joined) client.heartbeat();
  }
}
