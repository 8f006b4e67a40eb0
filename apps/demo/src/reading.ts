import { Dateline, type Loaded } from '#client';
import type { ActorState, Entry, OneStory, ToldEntry } from '#contract';

/** Whether an entry shows its development, and not what stands in the place of one that was taken down. */
export const isTold = (entry: Entry): entry is ToldEntry => entry.status !== 'taken-down';

const pageSize = 20;

/** Reads one story as any reader's app would. */
export class Reading {
  readonly api: Dateline;

  constructor(
    readonly reader: string,
    readonly id: string,
  ) {
    this.api = new Dateline(reader);
  }

  story = (): Promise<OneStory> => this.api.story(this.id);

  /** The whole timeline, in the order in which the story was told. */
  timeline = async (): Promise<readonly Entry[]> => (await this.loaded()).entries;

  /** The whole timeline, page by page, and what a live stream goes on from after it. */
  async loaded(): Promise<Loaded & { readonly entries: readonly Entry[] }> {
    const { position, rewrites, ...first } = await this.api.timeline(this.id, { order: 'story', limit: pageSize });
    const entries = [...first.entries];
    for (let { next } = first; next;) {
      const page = await this.api.page(next);
      entries.push(...page.entries);
      next = page.next;
    }
    return { position, rewrites, entries };
  }

  /** Everybody of whom something is said in the story, the one of whom most is said first. */
  async actors(): Promise<ActorState[]> {
    const { actors } = await this.api.actors(this.id);
    return Promise.all(actors.map(({ id }) => this.api.actor(this.id, id)));
  }
}
