import { closed } from '#domain';
import { authorsOf } from './authors.js';
import { bcp47, showable, type Times } from '#pages';
import { generateAtomFeed } from 'feedsmith';
import { entryId, feedId, type Addresses } from './addresses.js';
import { enclosuresOf } from './pictures.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { descriptionOf, entryHtml, entryTags, entryTitle, timesOf } from './wording.js';

/** The story as an Atom feed (RFC 4287). Pure: the same story gives the same bytes. */
export function atomFeed(of: Syndicated, addresses: Addresses): string {
  const { story, log, entries } = of;
  const lang = bcp47(story.language);
  const times = timesOf(story);
  const subtitle = descriptionOf(of, times);
  const feed = generateAtomFeed(
    {
      id: feedId(log, story.id),
      title: text(story.title),
      updated: new Date(story.recorded),
      ...(lang && { xml: { lang } }),
      ...(subtitle !== null && { subtitle: text(subtitle) }),
      links: [
        { rel: 'self', href: addresses.atom, type: 'application/atom+xml' },
        { rel: 'alternate', href: addresses.page, type: 'text/html' },
        { rel: 'alternate', href: addresses.jsonFeed, type: 'application/feed+json' },
      ],
      // The author of entries without a byline.
      authors: [{ name: closed(story.title) }],
      entries: entries.map(entry => atomEntry(entry, addresses, times)),
    },
    { strict: true },
  );
  return showable(feed);
}

const text = (value: string) => ({ value: closed(value), type: 'text' });

const atomEntry = (entry: DatedEntry, addresses: Addresses, times: Times) => ({
  id: entryId(entry.id),
  title: text(entryTitle(entry, times)),
  published: new Date(entry.recorded),
  updated: new Date(entry.modified),
  links: [
    { rel: 'alternate', href: addresses.development(entry.id), type: 'text/html' },
    ...enclosuresOf(entry, addresses).map(({ url, type, size }) => ({
      rel: 'enclosure',
      href: url,
      type,
      length: size,
    })),
  ],
  authors: authorsOf(entry).map(({ name, sameAs }) => ({ name: closed(name), ...(sameAs && { uri: sameAs }) })),
  categories: entryTags(entry).map(term => ({ term })),
  content: { value: entryHtml(entry, times), type: 'html' },
});
