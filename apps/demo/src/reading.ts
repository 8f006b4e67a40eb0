import type { Modality, Sourcing } from '#domain';

// What readers' apps are told, as far as it is printed or counted here.

export interface Entry {
  readonly development: string;
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

export interface Citation extends Pick<Entry, 'development' | 'position' | 'headline' | 'standing' | 'modality'> {
  readonly value: unknown;
  readonly status: string;
}

export interface Cell {
  readonly facet: string;
  readonly current: Citation | null;
  readonly citations: readonly Citation[];
}

export interface ActorState {
  readonly name: string;
  readonly kind: string;
  readonly cells: readonly Cell[];
}

/** Reads one story as any reader's app would. */
export class Reading {
  constructor(
    private readonly reader: string,
    private readonly id: string,
  ) {}

  get url(): string {
    return `${this.reader}/stories/${this.id}`;
  }

  story = () => this.get<Story>('');

  /** The whole timeline, page by page, in the order in which the story was told. */
  async timeline(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let cursor = ''; ;) {
      const page = await this.get<{ entries: Entry[]; next: string | null }>(`/timeline?order=story&limit=20${cursor}`);
      entries.push(...page.entries);
      if (!page.next) return entries;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  }

  async actors(): Promise<ActorState[]> {
    const { actors } = await this.get<{ actors: { actor: string }[] }>('/actors');
    return Promise.all(actors.map(({ actor }) => this.get<ActorState>(`/actors/${actor}`)));
  }

  private async get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(this.url + path);
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`GET ${this.url}${path} was answered with ${response.status}: ${await response.text()}`);
  }
}
