import type { ActorState, History, OneEntry, OneStory, Page, StoryActors } from '#contract';
import { refusalOf } from './errors.js';
import { pathTo } from './path.js';

/** The moment of a story that is asked for; several bind together, none is the present. Instants are ISO 8601. */
export interface Moment {
  readonly position?: number;
  readonly knownAt?: string;
  readonly visibleAt?: string;
  readonly happenedBy?: string;
}

export interface TimelineQuery extends Moment {
  readonly limit?: number;
  readonly order?: 'newest' | 'story';
  readonly type?: string;
  readonly actor?: string;
  readonly key?: boolean;
  /** All of these words are in the headline. */
  readonly words?: string;
}

/** How long an answer may take, in milliseconds. */
const patienceMs = 30_000;

/** What a live stream goes on from: the position of what was loaded, and its rewrites where it has them. */
export interface Loaded {
  readonly position: number;
  readonly rewrites?: number | undefined;
}

/** One reader-api, such as `https://live.example`. Reads reject with `Refused` for what is not there or not allowed. */
export class Dateline {
  private readonly base: string;

  constructor(
    base: string,
    private readonly request: typeof fetch = (...asked) => fetch(...asked),
  ) {
    this.base = base.replace(/\/+$/, '');
  }

  story(story: string, moment: Moment = {}): Promise<OneStory> {
    return this.get(this.url(pathTo('stories', story), moment));
  }

  timeline(story: string, query: TimelineQuery = {}): Promise<Page> {
    return this.get(this.url(pathTo('stories', story, 'timeline'), query));
  }

  /** The page that `next` of another one leads to. */
  page(next: string): Promise<Page> {
    return this.get(this.base + next);
  }

  development(story: string, development: string, moment: Moment = {}): Promise<OneEntry> {
    return this.get(this.url(pathTo('stories', story, 'timeline', development), moment));
  }

  /** What a development said before its latest corrections, the latest first. */
  history(story: string, development: string, moment: Moment = {}): Promise<History> {
    return this.get(this.url(pathTo('stories', story, 'timeline', development, 'history'), moment));
  }

  /** The page of a history that its `next` leads to. */
  historyPage(next: string): Promise<History> {
    return this.get(this.base + next);
  }

  /** The first page of the actors of whom something is said in the story, the one of whom most is said first. */
  actors(story: string, moment: Moment = {}): Promise<StoryActors> {
    return this.get(this.url(pathTo('stories', story, 'actors'), moment));
  }

  /** The page of actors that `next` of another one leads to. */
  actorsPage(next: string): Promise<StoryActors> {
    return this.get(this.base + next);
  }

  /** The first page of what is known of an actor. */
  actor(story: string, actor: string, moment: Moment = {}): Promise<ActorState> {
    return this.get(this.url(pathTo('stories', story, 'actors', actor), moment));
  }

  /** The page of an actor's cells, or of one cell's citations, that a `next` leads to. */
  actorPage(next: string): Promise<ActorState> {
    return this.get(this.base + next);
  }

  /** The response of a live stream, from what was loaded on. */
  live(story: string, { position, rewrites }: Loaded, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: 'text/event-stream' };
    return this.request(this.url(pathTo('stories', story, 'live'), { after: position, rewrites }), {
      headers,
      signal,
      cache: 'no-store',
    });
  }

  private url(path: string, query: object): string {
    const asked = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : '';
    return `${this.base}${path}${search}`;
  }

  private async get<Body>(url: string): Promise<Body> {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await this.request(url, { headers: { Accept: 'application/json' }, signal });
    if (!response.ok) throw await refusalOf(response);
    return (await response.json()) as Body;
  }
}
