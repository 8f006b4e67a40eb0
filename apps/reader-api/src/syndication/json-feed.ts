import { closed } from '#domain';
import { authorsOf } from './authors.js';
import { bcp47, pageSafeJson, type Times } from '#pages';
import { generateJsonFeed } from 'feedsmith';
import { entryId, type Addresses } from './addresses.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { entryHtml, entryTags, entryTitle, timesOf } from './wording.js';

/** The story as a JSON Feed 1.1. Pure: the same story gives the same bytes. */
export function jsonFeed({ story, entries }: Syndicated, addresses: Addresses): string {
  const language = bcp47(story.language);
  const times = timesOf(story);
  // The specification requires `items` even if it is empty; the library omits empty lists.
  return pageSafeJson({
    items: [],
    ...(generateJsonFeed({
      title: closed(story.title),
      home_page_url: addresses.page,
      feed_url: addresses.jsonFeed,
      ...(story.summary !== null && { description: closed(story.summary) }),
      ...(language && { language }),
      items: entries.map(entry => item(entry, addresses, times)),
    }) as object),
  });
}

const item = (entry: DatedEntry, addresses: Addresses, times: Times) => ({
  id: entryId(entry.id),
  url: addresses.development(entry.id),
  title: entryTitle(entry, times),
  content_html: entryHtml(entry, times),
  date_published: new Date(entry.recorded),
  date_modified: new Date(entry.modified),
  ...listed(authorsOf(entry).map(({ name, sameAs }) => ({ name: closed(name), ...(sameAs && { url: sameAs }) }))),
  tags: entryTags(entry),
});

const listed = <Author>(authors: Author[]) => (authors.length > 0 ? { authors } : {});
