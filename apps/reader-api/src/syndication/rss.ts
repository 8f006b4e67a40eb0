import { closed } from '#domain';
import { bcp47, showable, type Times } from '#pages';
import { generateRssFeed } from 'feedsmith';
import { entryId, type Addresses } from './addresses.js';
import { enclosuresOf } from './pictures.js';
import { authorsOf } from './authors.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { descriptionOf, entryHtml, entryTags, entryTitle, timesOf } from './wording.js';

/** The story as an RSS 2.0 feed. Pure: the same story gives the same bytes. */
export function rssFeed(of: Syndicated, addresses: Addresses): string {
  const { story, entries } = of;
  const language = bcp47(story.language);
  const times = timesOf(story);
  const title = closed(story.title);
  const feed = generateRssFeed(
    {
      title,
      link: addresses.page,
      // RSS requires one.
      description: descriptionOf(of, times) ?? title,
      ...(language && { language }),
      lastBuildDate: new Date(story.recorded),
      atom: { links: [{ rel: 'self', href: addresses.rss, type: 'application/rss+xml' }] },
      items: entries.map(entry => item(entry, addresses, times)),
    },
    { strict: true },
  );
  return showable(feed);
}

const item = (entry: DatedEntry, addresses: Addresses, times: Times) => ({
  title: entryTitle(entry, times),
  link: addresses.development(entry.id),
  description: entryHtml(entry, times),
  // RSS names authors by their mail addresses, which nobody wants to publish.
  dc: { creators: authorsOf(entry).map(({ name }) => closed(name)) },
  categories: entryTags(entry).map(name => ({ name })),
  // RSS readers take one; its page has all of them.
  enclosures: enclosuresOf(entry, addresses)
    .slice(0, 1)
    .map(({ url, type, size }) => ({ url, type, length: size })),
  guid: { value: entryId(entry.id), isPermaLink: false },
  pubDate: new Date(entry.recorded),
  // RSS has no date of the last change. Readers of the Atom namespace learn of corrections by it.
  atom: { updated: new Date(entry.modified) },
});
