import { pathTo } from '#client';
import { links } from '#pages';

/** The absolute addresses of a story's pages and feeds. */
export interface Addresses {
  readonly page: string;
  development(id: string): string;
  actor(id: string): string;
  /** The absolute address of a path on this server. */
  file(path: string): string;
  readonly atom: string;
  readonly jsonFeed: string;
  readonly rss: string;
}

/** `base`: the public base URL without a final slash. */
export function addressesOf(base: string, story: string): Addresses {
  const page = base + links.story(story);
  const data = (file: string) => base + pathTo('stories', story, file);
  return {
    page,
    development: id => base + links.development(story, id),
    file: path => base + path,
    actor: id => base + links.actor(story, id),
    atom: data('feed.atom'),
    jsonFeed: data('feed.json'),
    rss: data('feed.rss'),
  };
}

/** A feed's id, which stays the same when hosts and paths change. */
export const feedId = (log: string, story: string): string => `urn:dateline:${log}:story:${story}`;
/** An entry's id, which stays the same when hosts and paths change. */
export const entryId = (development: string): string => `urn:uuid:${development}`;

/** The links by which feed readers discover the feeds, in a Link header and in a page's head. */
export const alternates = ({ atom, jsonFeed, rss }: Addresses) => [
  { uri: atom, rel: 'alternate', type: 'application/atom+xml' },
  { uri: jsonFeed, rel: 'alternate', type: 'application/feed+json' },
  { uri: rss, rel: 'alternate', type: 'application/rss+xml' },
];
