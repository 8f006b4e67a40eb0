import type { DraftNews, Present } from '#contract';
import type { Pool } from '#postgres';
import { Logger } from '@nestjs/common';
import type { WriteModel } from '../commands/write-model.js';
import type { Drafts } from '../drafts/drafts.js';
import { endIn } from '../drafts/over.js';
import type { PresenceStore } from './store.js';

/** How often a process with open feeds looks for changes, in milliseconds. */
export const lookMs = 1_000;
/** How often a process ends the drafts that are over in the log and destroys the keys of ended drafts that are left, in milliseconds. */
const sweepMs = 60_000;

/** Who is at a story's desk, and which drafts it has. */
export interface Beside {
  readonly people: readonly Present[];
  readonly drafts: DraftNews['drafts'];
}

const nothing: Beside = { people: [], drafts: [] };

interface Watched {
  feeds: number;
  now: Beside;
  /** Increases with each change. */
  stamp: number;
  readonly waiting: Set<() => void>;
}

/** Watches what the desks of a story share beside the log, for the feeds of this process. Other processes change it too, so it looks. */
export class DeskWatch {
  private readonly logger = new Logger('desk');
  private readonly stories = new Map<string, Watched>();
  private readonly timers: ReturnType<typeof setInterval>[];
  private looking = false;
  private failing = false;
  private sweeping = false;
  private sweepFailed = false;

  constructor(
    private readonly pool: Pool,
    readonly presence: PresenceStore,
    readonly drafts: Drafts,
    private readonly view: () => WriteModel,
    private readonly end: () => Promise<void>,
  ) {
    const every = (ms: number, run: () => Promise<void>) => setInterval(() => void run().catch(() => undefined), ms);
    this.timers = [
      every(lookMs, () => this.look()),
      every(sweepMs, () => this.sweep()),
      every(sweepMs, () => this.drafts.destroyLeft()),
    ];
    for (const timer of this.timers) timer.unref();
  }

  /** Watches a story until the returned function is called. */
  follow(story: string): () => void {
    const watched = this.stories.get(story) ?? { feeds: 0, now: nothing, stamp: 0, waiting: new Set() };
    watched.feeds++;
    this.stories.set(story, watched);
    if (watched.feeds === 1) void this.look();
    return () => {
      if (--watched.feeds === 0) this.stories.delete(story);
    };
  }

  /** What is known of a watched story, with a number that increases with each change. */
  of(story: string): Beside & { readonly stamp: number } {
    const { now, stamp } = this.stories.get(story) ?? { now: nothing, stamp: 0 };
    return { ...now, stamp };
  }

  /** Resolves to true once the watched story has changed since `stamp`; to false once `signal` is aborted. */
  changes(story: string, stamp: number, signal: AbortSignal): Promise<boolean> {
    const watched = this.stories.get(story);
    if (!watched || signal.aborted) return Promise.resolve(false);
    if (watched.stamp > stamp) return Promise.resolve(true);
    return new Promise(resolve => {
      const wake = () => done(true);
      const left = () => done(false);
      const done = (changed: boolean) => {
        watched.waiting.delete(wake);
        signal.removeEventListener('abort', left);
        resolve(changed);
      };
      watched.waiting.add(wake);
      signal.addEventListener('abort', left, { once: true });
    });
  }

  /** Looks once for all watched stories. Without the database people seem to have left, and drafts stay as they were. */
  async look(): Promise<void> {
    if (this.looking || this.stories.size === 0) return;
    this.looking = true;
    try {
      const stories = [...this.stories.keys()];
      const [people, drafts] = await Promise.all([this.presence.of(stories), this.drafts.store.present(stories)]);
      this.failing = false;
      for (const story of stories)
        this.learn(story, { people: people.get(story) ?? [], drafts: drafts.get(story) ?? [] });
    } catch (error) {
      if (!this.failing) this.logger.warn({ why: (error as Error).message }, 'drafts and presence are unavailable');
      this.failing = true;
      for (const [story, { now }] of this.stories) this.learn(story, { ...now, people: [] });
    } finally {
      this.looking = false;
    }
  }

  /** Ends the drafts that are over in the log, also those that nobody opens. Each process does so: of two, one ends a draft. Never rejects. */
  async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.drafts.sweep((story, found) => endIn(this.view(), story, found));
      this.sweepFailed = false;
    } catch (error) {
      const why = (error as Error).message;
      if (!this.sweepFailed) this.logger.warn({ why }, 'drafts of what was taken down may be left; tried every minute');
      this.sweepFailed = true;
    } finally {
      this.sweeping = false;
    }
  }

  private learn(story: string, now: Beside): void {
    const watched = this.stories.get(story);
    if (!watched || JSON.stringify(watched.now) === JSON.stringify(now)) return;
    watched.now = now;
    watched.stamp++;
    for (const wake of [...watched.waiting]) wake();
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([this.pool.end(), this.end()]);
  }
}
