import { pathTo } from '#client';
import { links } from '#pages';

/** Where a story's pages and feeds are; absolute. */
export interface Addresses {
  readonly page: string;
  development(id: string): string;
  actor(id: string): string;
  readonly atom: string;
  readonly jsonFeed: string;
}

/** `base` is without a slash at its end. */
export function addressesOf(base: string, story: string): Addresses {
  const page = base + links.story(story);
  const data = (file: string) => base + pathTo('stories', story, file);
  return {
    page,
    development: id => base + links.development(story, id),
    actor: id => base + links.actor(story, id),
    atom: data('feed.atom'),
    jsonFeed: data('feed.json'),
  };
}

/** Ids that outlive hosts and paths. */
export const feedId = (log: string, story: string): string => `urn:dateline:${log}:story:${story}`;
export const entryId = (development: string): string => `urn:uuid:${development}`;

/** How feed readers find the feeds: as a Link header, and as `<link rel="alternate">` in a page's head. */
export const alternates = ({ atom, jsonFeed }: Addresses) => [
  { uri: atom, rel: 'alternate', type: 'application/atom+xml' },
  { uri: jsonFeed, rel: 'alternate', type: 'application/feed+json' },
];
