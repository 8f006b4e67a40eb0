import { bcp47, pageSafeJson } from '#pages';
import { generateJsonFeed } from 'feedsmith';
import { entryId, type Addresses } from './addresses.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { htmlOf, titleOf } from './wording.js';

/** The story as a JSON Feed 1.1. Pure: the same story gives the same bytes. */
export function jsonFeed({ story, entries }: Syndicated, addresses: Addresses): string {
  const language = bcp47(story.language);
  return pageSafeJson(
    generateJsonFeed({
      title: story.title,
      home_page_url: addresses.page,
      feed_url: addresses.jsonFeed,
      ...(story.summary !== null && { description: story.summary }),
      ...(language && { language }),
      items: entries.map(entry => item(entry, addresses)),
    }),
  );
}

const item = (entry: DatedEntry, addresses: Addresses) => ({
  id: entryId(entry.id),
  url: addresses.development(entry.id),
  title: titleOf(entry),
  content_html: htmlOf(entry),
  date_published: new Date(entry.recorded),
  date_modified: new Date(entry.modified),
  ...(entry.by !== null && { authors: [{ name: entry.by }] }),
  tags: [entry.kind, entry.status],
});
