import { bcp47, plainText } from '#pages';
import type { BlogPosting, CorrectionComment, LiveBlogPosting, Person, WithContext } from 'schema-dts';
import { entryId, feedId, type Addresses } from './addresses.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { takedownText, titleOf } from './wording.js';

/** The story as schema.org describes a live blog, for the head of its page. Pure. */
export function liveBlogPosting(
  { story, log, entries }: Syndicated,
  addresses: Addresses,
): WithContext<LiveBlogPosting> {
  const inLanguage = bcp47(story.language);
  return {
    '@context': 'https://schema.org',
    '@type': 'LiveBlogPosting',
    '@id': addresses.page,
    identifier: feedId(log, story.id),
    url: addresses.page,
    mainEntityOfPage: addresses.page,
    headline: story.title,
    ...(story.summary !== null && { description: story.summary }),
    ...(inLanguage && { inLanguage }),
    datePublished: story.opened,
    dateModified: story.recorded,
    coverageStartTime: story.opened,
    ...(story.closed !== null && { coverageEndTime: story.closed }),
    ...authors(entries.map(({ by }) => by)),
    liveBlogUpdate: entries.map(entry => update(entry, addresses, inLanguage)),
  };
}

function update(entry: DatedEntry, addresses: Addresses, inLanguage: string | undefined): BlogPosting {
  const { corrections, retraction } = entry;
  const comments = [
    ...corrections.map(({ wrong, reason, recorded, by }) => comment(`${wrong} ${reason}`, recorded, by)),
    ...(retraction ? [comment(`Retracted: ${retraction.reason}`, retraction.recorded, retraction.by)] : []),
  ];
  return {
    '@type': 'BlogPosting',
    '@id': addresses.development(entry.id),
    identifier: entryId(entry.id),
    url: addresses.development(entry.id),
    headline: titleOf(entry),
    articleBody: bodyOf(entry),
    ...(inLanguage && { inLanguage }),
    datePublished: entry.recorded,
    dateModified: entry.modified,
    ...authors([entry.by]),
    ...(comments.length > 0 && { correction: comments }),
    ...(entry.status === 'retracted' && { creativeWorkStatus: 'Retracted' }),
  };
}

function bodyOf(entry: DatedEntry): string {
  if (entry.status === 'taken-down') return takedownText(entry);
  return entry.bodyHtml === null ? entry.headline : plainText(entry.bodyHtml);
}

const comment = (text: string, datePublished: string, by: string | null): CorrectionComment => ({
  '@type': 'CorrectionComment',
  text,
  datePublished,
  ...authors([by]),
});

function authors(names: readonly (string | null)[]): { author?: Person[] } {
  const signed = [...new Set(names.filter(name => name !== null))];
  return signed.length > 0 ? { author: signed.map(name => ({ '@type': 'Person', name })) } : {};
}
