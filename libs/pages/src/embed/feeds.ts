import type { Loaded } from '#client';
import { Dateline } from '#client';
import { follow, type FollowOptions } from '../client/follow.js';
import type { ChangeView } from '../view.js';
import type { Place } from './address.js';

/** The most stories of which a page gets changes: a browser opens few connections to a server, and other sites' pages have their own. */
export const mostStreams = 4;

/** A part of the page that shows something of a story. */
export interface Member {
  /** The only update that it shows; undefined if it shows more of the story. */
  readonly concerns: string | undefined;
  /** The story has changed at this position. */
  reach(position: number): void;
}

/** Whether a change alters what a member shows: a settled condition may alter any update. */
const alters = ({ acts, entries, conditions }: ChangeView, { concerns }: Member): boolean =>
  concerns === undefined ||
  conditions !== undefined ||
  entries.some(({ id }) => id === concerns) ||
  acts.some(({ development }) => development === concerns);

/** One stream for all that a page shows of a story. */
class Feed {
  readonly members = new Set<Member>();
  private readonly heard: Parameters<FollowOptions['on']>[] = [];
  private position: number;

  constructor({ base, shows: { story } }: Place, loaded: Loaded) {
    this.position = loaded.position;
    const onChange = (change: ChangeView) => {
      this.position = Math.max(this.position, change.position);
      for (const member of this.members) if (alters(change, member)) member.reach(change.position);
    };
    // Changes were missed: all is loaded again.
    const onGap = async () => {
      const { position, rewrites } = await new Dateline(base).timeline(story, { limit: 1 });
      this.position = position;
      for (const member of this.members) member.reach(position);
      return { position, rewrites };
    };
    const on: FollowOptions['on'] = (event, handler) => {
      this.heard.push([event, handler]);
      addEventListener(event, handler);
    };
    follow(
      story,
      loaded,
      { onChange, onGap, onState: () => undefined },
      { origin: base, online: () => navigator.onLine, on },
    );
  }

  join(member: Member, { position }: Loaded): void {
    this.members.add(member);
    if (position < this.position) member.reach(this.position);
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
