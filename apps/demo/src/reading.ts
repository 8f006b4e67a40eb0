import { pathTo, type Loaded } from '#client';
import type { Modality, Sourcing } from '#domain';

// What readers' apps are told, as far as it is printed or counted here.

export interface Entry {
  /** The development's. */
  readonly id: string;
  readonly position: number;
  readonly kind: string;
  readonly headline: string;
  readonly sourcing: Sourcing;
  readonly standing: string;
  readonly modality: Modality;
  readonly key: boolean;
  readonly checks: readonly { readonly note: string }[];
  readonly corrections: readonly { readonly wrong: string; readonly reason: string }[];
  readonly retraction: { readonly reason: string } | null;
}

export interface Act {
  readonly act: string;
  readonly development?: string;
  readonly by?: string;
  readonly retracted?: string;
  readonly condition?: string;
  readonly fate?: string;
}

export interface Change {
  readonly position: number;
  readonly acts: readonly Act[];
  /** What the commit changed, as it stands after it. */
  readonly entries: readonly Entry[];
}

export interface Story {
  readonly position: number;
  readonly title: string;
  readonly developments: number;
}

export interface Citation extends Pick<Entry, 'position' | 'headline' | 'standing' | 'modality'> {
  readonly development: string;
  readonly value: unknown;
  readonly status: string;
}

export interface Cell {
  readonly facet: string;
  readonly current: Citation | null;
  readonly citations: readonly Citation[];
}

export interface ActorState {
  readonly actor: { readonly name: string; readonly kind: string };
  readonly cells: readonly Cell[];
}

/** Reads one story as any reader's app would. */
export class Reading {
  constructor(
    readonly reader: string,
    readonly id: string,
  ) {}

  get url(): string {
    return this.reader + pathTo('stories', this.id);
  }

  story = () => this.get<Story>(this.url);

  /** The whole timeline, in the order in which the story was told. */
  timeline = async (): Promise<readonly Entry[]> => (await this.loaded()).entries;

  /** The whole timeline, page by page, and what a live stream goes on from after it. */
  async loaded(): Promise<Loaded & { readonly entries: readonly Entry[] }> {
    const entries: Entry[] = [];
    let first: Loaded | undefined;
    for (let url = `${this.url}/timeline?order=story&limit=20`; ;) {
      const page = await this.get<Loaded & { entries: Entry[]; next: string | null }>(url);
      first ??= page;
      entries.push(...page.entries);
      if (!page.next) return { position: first.position, rewrites: first.rewrites, entries };
      url = new URL(page.next, this.reader).href;
    }
  }

  /** Everybody of whom something is said in the story, the one of whom most is said first. */
  async actors(): Promise<ActorState[]> {
    const { actors } = await this.get<{ actors: { id: string }[] }>(`${this.url}/actors`);
    return Promise.all(actors.map(({ id }) => this.get<ActorState>(this.url + pathTo('actors', id))));
  }

  private async get<Answer>(url: string): Promise<Answer> {
    const response = await fetch(url);
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`GET ${url} was answered with ${response.status}: ${await response.text()}`);
  }
}
