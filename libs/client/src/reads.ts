import type { ActorState, History, OneEntry, OneStory, Page, SearchResults, StoryActors } from '#contract';
import { refusalOf } from './errors.js';
import { pathTo } from './requests.js';

/** Selects a moment of a story; several conditions combine, none means the present. Instants are ISO 8601. */
export interface Moment {
  readonly position?: number;
  readonly knownAt?: string;
  readonly visibleAt?: string;
  readonly happenedBy?: string;
}

/** Selects entries of a timeline, their order and number. */
export interface TimelineQuery extends Moment {
  readonly limit?: number;
  readonly order?: 'newest' | 'story';
  readonly type?: string;
  readonly actor?: string;
  readonly key?: boolean;
  /** Words that the headline must contain. */
  readonly words?: string;
}

/** How long an answer may take, in milliseconds. */
export const patienceMs = 30_000;

/** The starting point of a live stream: the loaded position, and its rewrites if it has them. */
export interface Loaded {
  readonly position: number;
  readonly rewrites?: number | undefined;
}

/** Client of one reader-api, such as `https://live.example`. Methods reject with `Refused` if the server refuses. */
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

  timeline(story: string, query: TimelineQuery = {}, signal?: AbortSignal): Promise<Page> {
    return this.get(this.url(pathTo('stories', story, 'timeline'), query), signal);
  }

  /** The page at another page's `next`. */
  page(next: string): Promise<Page> {
    return this.get(this.base + next);
  }

  /** Finds the developments of a story that have these words, the best first: at most `limit`. */
  search(story: string, words: string, limit: number): Promise<SearchResults> {
    return this.get(this.url('/search', { q: words, story, limit }));
  }

  development(story: string, development: string, moment: Moment = {}): Promise<OneEntry> {
    return this.get(this.url(pathTo('stories', story, 'timeline', development), moment));
  }

  /** A development's text before each of its latest corrections, latest first. */
  history(story: string, development: string, moment: Moment = {}): Promise<History> {
    return this.get(this.url(pathTo('stories', story, 'timeline', development, 'history'), moment));
  }

  /** The page at a history's `next`. */
  historyPage(next: string): Promise<History> {
    return this.get(this.base + next);
  }

  /** The first page of the story's actors, those with the most facts first. */
  actors(story: string, moment: Moment = {}): Promise<StoryActors> {
    return this.get(this.url(pathTo('stories', story, 'actors'), moment));
  }

  /** The page at an actors page's `next`. */
  actorsPage(next: string): Promise<StoryActors> {
    return this.get(this.base + next);
  }

  /** The first page of an actor's state. */
  actor(story: string, actor: string, moment: Moment = {}): Promise<ActorState> {
    return this.get(this.url(pathTo('stories', story, 'actors', actor), moment));
  }

  /** The page at the `next` of an actor's cells, or of one cell's citations. */
  actorPage(next: string): Promise<ActorState> {
    return this.get(this.base + next);
  }

  /** Opens the live stream after the loaded state. */
  live(story: string, { position, rewrites }: Loaded, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: 'text/event-stream' };
    return this.request(this.url(pathTo('stories', story, 'live'), { after: position, rewrites }), {
      headers,
      signal,
      cache: 'no-store',
    });
  }

  /**
   * Throws what each request about the story would, however often it is made: a RangeError if no path leads to it, and outside of pages,
   * which complete addresses, a TypeError if the base is no address of http or https.
   */
  mustReach(story: string): void {
    const address = this.url(pathTo('stories', story), {});
    if (globalThis.document !== undefined) return;
    const from = globalThis.location?.href;
    if (!URL.canParse(address, from) || !/^https?:$/.test(new URL(address, from).protocol))
      throw new TypeError(`“${this.base}” is no address of a reader-api. Give one such as https://live.example.`);
  }

  private url(path: string, query: object): string {
    const asked = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : '';
    return `${this.base}${path}${search}`;
  }

  private async get<Body>(url: string, until?: AbortSignal): Promise<Body> {
    const patience = AbortSignal.timeout(patienceMs);
    const signal = until ? AbortSignal.any([until, patience]) : patience;
    const response = await this.request(url, { headers: { Accept: 'application/json' }, signal });
    if (!response.ok) throw await refusalOf(response);
    return (await response.json()) as Body;
  }
}
