import { Dateline, type Loaded } from '#client';
import type { ActorState, Entry, OneStory, ReadableEntry } from '#contract';

/** Whether an entry shows its development, and not the placeholder of a takedown. */
export const isReadable = (entry: Entry): entry is ReadableEntry => entry.status !== 'taken-down';

const pageSize = 20;

/** Reads one story as a reader's app does. */
export class Reading {
  readonly api: Dateline;

  constructor(
    readonly reader: string,
    readonly id: string,
  ) {
    this.api = new Dateline(reader);
  }

  story = (): Promise<OneStory> => this.api.story(this.id);

  /** The whole timeline, in the order of the story. */
  timeline = async (): Promise<readonly Entry[]> => (await this.loaded()).entries;

  /** The whole timeline, page by page, and the point from which a live stream continues. */
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

  /** All actors of the story, those with the most marks first. */
  async actors(): Promise<ActorState[]> {
    const { actors } = await this.api.actors(this.id);
    return Promise.all(actors.map(({ id }) => this.api.actor(this.id, id)));
  }
}
