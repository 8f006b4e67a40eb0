import { closed } from '#domain';
import { authorsOf } from './authors.js';
import { bcp47, pageSafeJson, type Times } from '#pages';
import { generateJsonFeed } from 'feedsmith';
import { entryId, type Addresses } from './addresses.js';
import { enclosuresOf } from './pictures.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { descriptionOf, entryHtml, entryTags, entryTitle, standing, timesOf } from './wording.js';

/** The story as a JSON Feed 1.1. Pure: the same story gives the same bytes. */
export function jsonFeed(of: Syndicated, addresses: Addresses): string {
  const { story, entries, points } = of;
  const language = bcp47(story.language);
  const times = timesOf(story);
  const description = descriptionOf(of, times);
  // The specification requires `items` even if it is empty; the library omits empty lists.
  return pageSafeJson({
    items: [],
    ...(generateJsonFeed({
      title: closed(story.title),
      home_page_url: addresses.page,
      feed_url: addresses.jsonFeed,
      ...(description !== null && { description }),
      ...(language && { language }),
      items: entries.map(entry => item(entry, addresses, times)),
    }) as object),
    ...known(points, addresses),
  });
}

/** The key points for programs, as an extension of the format: the words, and the updates that each rests on. Absent if there are none. */
function known(points: Syndicated['points'], addresses: Addresses): object {
  const listed = standing(points).map(({ text, words, recorded, cites }) => ({
    ...{ id: entryId(text), text: closed(words), date_modified: recorded },
    rests_on: cites.map(({ development }) => addresses.development(development)),
  }));
  return listed.length > 0 ? { _dateline: { key_points: listed } } : {};
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
  ...attached(enclosuresOf(entry, addresses)),
});

const attached = (files: ReturnType<typeof enclosuresOf>) =>
  files.length > 0
    ? {
        attachments: files.map(({ url, type, size, seconds }) => ({
          ...{ url, mime_type: type, size_in_bytes: size, duration_in_seconds: seconds },
        })),
      }
    : {};

const listed = <Author>(authors: Author[]) => (authors.length > 0 ? { authors } : {});
