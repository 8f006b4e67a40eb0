/** Where a story's pages and feeds are; absolute. */
export interface Addresses {
  readonly page: string;
  development(id: string): string;
  readonly atom: string;
  readonly jsonFeed: string;
}

/** `base` is without a slash at its end. */
export function addressesOf(base: string, story: string): Addresses {
  const slug = encodeURIComponent(story);
  const page = `${base}/s/${slug}`;
  return {
    page,
    development: id => `${page}/d/${encodeURIComponent(id)}`,
    atom: `${base}/stories/${slug}/feed.atom`,
    jsonFeed: `${base}/stories/${slug}/feed.json`,
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
