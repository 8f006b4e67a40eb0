import type { Loaded } from '#client';
import { Dateline } from '#client';
import { follow, type Connection, type FollowOptions } from '../client/follow.js';
import type { ChangeView } from '../view.js';
import type { Place } from './address.js';

/** The most stories of which a page gets changes: a browser opens few connections to a server, and other sites' pages have their own. */
export const mostStreams = 4;

/** A part of the page that shows something of a story. */
export interface Member {
  /** The only updates that it shows, or names in a link; undefined if it shows more of the story. */
  readonly concerns: ReadonlySet<string> | undefined;
  /** The story has changed: what is shown must not be behind this any more. */
  reach(wanted: Loaded): void;
  /** The stream is open again: tries again to load what could not be loaded. */
  retry(): void;
}

/** Whether a change alters what a member shows: a settled condition may alter any update, and each shows the story's title. */
export const alters = (
  { acts, entries, conditions, headers }: Pick<ChangeView, 'acts' | 'entries' | 'conditions' | 'headers'>,
  { concerns }: Pick<Member, 'concerns'>,
): boolean =>
  concerns === undefined ||
  conditions !== undefined ||
  headers !== undefined ||
  entries.some(({ id }) => concerns.has(id)) ||
  acts.some(({ development }) => development !== undefined && concerns.has(development));

/** Whether what was loaded is from before a change, or from before a rewrite of earlier positions. */
export const isBehind = (loaded: Loaded, wanted: Loaded): boolean =>
  loaded.position < wanted.position || (loaded.rewrites ?? 0) < (wanted.rewrites ?? 0);

/** One stream for all that a page shows of a story. */
class Feed {
  readonly members = new Set<Member>();
  private readonly heard: Parameters<FollowOptions['on']>[] = [];
  /** The latest state of the story that is known of. */
  private latest: Loaded;

  constructor({ base, shows: { story } }: Place, loaded: Loaded) {
    this.latest = loaded;
    const onChange = (change: ChangeView) => {
      this.latest = { ...this.latest, position: Math.max(this.latest.position, change.position) };
      for (const member of this.members) if (alters(change, member)) member.reach(this.latest);
    };
    // Changes were missed: all is loaded again.
    const onGap = async (session: AbortSignal) => {
      const { position, rewrites } = await new Dateline(base).timeline(story, { limit: 1 });
      session.throwIfAborted();
      this.latest = { position, rewrites };
      for (const member of this.members) member.reach(this.latest);
      return this.latest;
    };
    const onState = (state: Connection) => {
      if (state === 'live') for (const member of this.members) member.retry();
    };
    const on: FollowOptions['on'] = (event, handler) => {
      this.heard.push([event, handler]);
      addEventListener(event, handler);
    };
    follow(story, loaded, { onChange, onGap, onState }, { origin: base, online: () => navigator.onLine, on });
  }

  join(member: Member, loaded: Loaded): void {
    this.members.add(member);
    if (isBehind(loaded, this.latest)) member.reach(this.latest);
  }

  /** Ends the stream: as where the page is left. */
  close(): void {
    for (const [event, handler] of this.heard) {
      removeEventListener(event, handler);
      if (event === 'pagehide') handler(new Event(event));
    }
  }
}

/** The streams of a page. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();

  /** Tells a member of the story's changes after what it shows. Returns a function that ends this. */
  join(place: Place, loaded: Loaded, member: Member): () => void {
    const key = `${place.base} ${place.shows.story}`;
    const feed = this.feeds.get(key) ?? (this.feeds.size < mostStreams ? new Feed(place, loaded) : undefined);
    // Beyond that, what is shown is as it was when the page was loaded.
    if (!feed) return () => undefined;
    this.feeds.set(key, feed);
    feed.join(member, loaded);
    return () => {
      feed.members.delete(member);
      if (feed.members.size > 0 || this.feeds.get(key) !== feed) return;
      this.feeds.delete(key);
      feed.close();
    };
  }
}
