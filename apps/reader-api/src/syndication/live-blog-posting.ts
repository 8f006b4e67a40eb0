import type { Story } from '#contract';
import { isolated, type Byline } from '#domain';
import { bcp47, isoDuration, labelsOf, noticesLimit, shownEntry, type Times } from '#pages';
import type {
  AudioObject,
  BlogPosting,
  CorrectionComment,
  ImageObject,
  LiveBlogPosting,
  Organization,
  Person,
  VideoObject,
  WebPage,
  WithContext,
} from 'schema-dts';
import { authorsOf } from './authors.js';
import { entryId, feedId, type Addresses } from './addresses.js';
import type { DatedEntry, Syndicated } from './syndicated.js';
import { pictureAddress, picturesOf, widest } from './pictures.js';
import { entryText, entryTitle, standing, timesOf } from './wording.js';

/** The story as a schema.org live blog, for the head of its page. Pure. */
export function liveBlogPosting(
  { story, log, entries, points, lead }: Syndicated,
  addresses: Addresses,
  publisher?: Organization,
): WithContext<LiveBlogPosting> {
  const inLanguage = bcp47(story.language);
  const times = timesOf(story);
  const image = pictureAddress(lead, addresses);
  const abstract = standing(points).map(({ words }) => words);
  return {
    '@context': 'https://schema.org',
    '@type': 'LiveBlogPosting',
    '@id': addresses.page,
    identifier: feedId(log, story.id),
    url: addresses.page,
    mainEntityOfPage: addresses.page,
    headline: story.title,
    ...(story.summary !== null && { description: story.summary }),
    ...(abstract.length > 0 && { abstract: abstract.join('\n') }),
    ...(inLanguage && { inLanguage }),
    datePublished: story.opened,
    dateModified: story.recorded,
    coverageStartTime: story.opened,
    ...(story.ended !== null && { coverageEndTime: story.ended }),
    ...authors(entries.flatMap(authorsOf)),
    ...(publisher && { publisher }),
    ...(image && { image }),
    liveBlogUpdate: entries.map(entry => update(entry, addresses, times, inLanguage)),
  };
}

/** One entry and its story, for the head of the entry's page. Pure. */
export function blogPosting(
  story: Story,
  entry: DatedEntry,
  addresses: Addresses,
  publisher?: Organization,
): WithContext<BlogPosting> {
  const posting = update(entry, addresses, timesOf(story), bcp47(story.language));
  const isPartOf = { '@type': 'LiveBlogPosting', '@id': addresses.page, url: addresses.page, headline: story.title };
  return {
    '@context': 'https://schema.org',
    ...posting,
    mainEntityOfPage: posting.url,
    ...(publisher && { publisher }),
    isPartOf,
  } as WithContext<BlogPosting>;
}

/** One entry. Crawlers may show `headline` or `articleBody` alone, so each contains the entry's qualification. */
function update(entry: DatedEntry, addresses: Addresses, times: Times, inLanguage: string | undefined): BlogPosting {
  const { corrections, retraction } = entry;
  const { words } = times;
  const labels = labelsOf(shownEntry(entry), words);
  const comments = [
    ...corrections
      .slice(-noticesLimit)
      .map(({ wrong, reason, recorded, by }) => comment(`${isolated(wrong)} ${isolated(reason)}`, recorded, by)),
    ...(retraction
      ? [
          comment(
            words.labelled(words.labels.retracted, isolated(retraction.reason)),
            retraction.recorded,
            retraction.by,
          ),
        ]
      : []),
  ];
  return {
    '@type': 'BlogPosting',
    '@id': addresses.development(entry.id),
    identifier: entryId(entry.id),
    url: addresses.development(entry.id),
    headline: entryTitle(entry, times),
    articleBody: entryText(entry, times),
    ...images(entry, addresses),
    ...citations(entry),
    ...recordings(entry, addresses, times),
    ...(inLanguage && { inLanguage }),
    datePublished: entry.recorded,
    dateModified: entry.modified,
    ...authors(authorsOf(entry)),
    ...(comments.length > 0 && { correction: comments }),
    ...(labels.length > 0 && { creativeWorkStatus: labels.join(', ') }),
  };
}

/** The pages that it links to, as they were captured first. They are cited, not ours: their pictures and words are left out. */
function citations(entry: DatedEntry): { citation?: WebPage[] } {
  const captures = 'captures' in entry ? (entry.captures ?? []) : [];
  if (captures.length === 0) return {};
  const citation = captures.map(({ url, title, author, site, published }): WebPage => ({
    '@type': 'WebPage',
    url,
    ...(title !== undefined && { headline: title }),
    ...(author !== undefined && { author: { '@type': 'Person', name: author } }),
    ...(site !== undefined && { publisher: { '@type': 'Organization', name: site } }),
    ...(published !== undefined && { datePublished: published }),
  }));
  return { citation };
}

/** The pictures, each in its widest rendition of a type that every program reads. */
function images(entry: DatedEntry, { file }: Addresses): { image?: ImageObject[] } {
  const media = picturesOf(entry);
  if (media.length === 0) return {};
  const image = media.map(({ sources, caption, credit, rights }): ImageObject => {
    const { href, width, height } = widest(sources);
    const more = {
      ...(caption && { caption }),
      ...(credit && { creditText: credit }),
      ...(rights && { copyrightNotice: rights }),
    };
    return { '@type': 'ImageObject', url: file(href), width: `${width} px`, height: `${height} px`, ...more };
  });
  return { image };
}

/** The videos and sounds, each with its picture. */
function recordings(
  entry: DatedEntry,
  { file }: Addresses,
  times: Times,
): { video?: VideoObject[]; audio?: AudioObject[] } {
  const described = picturesOf(entry).flatMap(({ recording, sources, alt, caption, credit, rights }) => {
    if (!recording) return [];
    const { href, type, size, lasts, width, height } = recording;
    const fields = {
      name: entryTitle(entry, times),
      description: [alt, caption].filter(Boolean).join('\n'),
      thumbnailUrl: file(widest(sources).href),
      uploadDate: entry.recorded,
      duration: isoDuration(lasts),
      contentUrl: file(href),
      encodingFormat: type,
      contentSize: String(size),
      ...(width !== undefined && height !== undefined && { width: `${width} px`, height: `${height} px` }),
      ...(credit && { creditText: credit }),
      ...(rights && { copyrightNotice: rights }),
    };
    return [{ isVideo: width !== undefined, fields }];
  });
  const of = (wanted: boolean) => described.filter(({ isVideo }) => isVideo === wanted);
  const video = of(true).map(({ fields }): VideoObject => ({ '@type': 'VideoObject', ...fields }));
  const audio = of(false).map(({ fields }): AudioObject => ({ '@type': 'AudioObject', ...fields }));
  return { ...(video.length > 0 && { video }), ...(audio.length > 0 && { audio }) };
}

const comment = (text: string, datePublished: string, by: string | null): CorrectionComment => ({
  '@type': 'CorrectionComment',
  text,
  datePublished,
  ...authors(by === null ? [] : [{ name: by }]),
});

/** Each author once: two names with different roles or profiles are two authors. */
function authors(byline: Byline): { author?: (Person | Organization)[] } {
  const each = new Map(byline.map(signature => [JSON.stringify(author(signature)), author(signature)]));
  return each.size > 0 ? { author: [...each.values()] } : {};
}

const author = ({ name, as, role, place, sameAs }: Byline[number]): Person | Organization =>
  as === 'agency'
    ? {
        '@type': 'Organization',
        name,
        ...(place && { location: { '@type': 'Place', name: place } }),
        ...(sameAs && { sameAs }),
      }
    : {
        '@type': 'Person',
        name,
        ...(role && { jobTitle: role }),
        ...(place && { workLocation: { '@type': 'Place', name: place } }),
        ...(sameAs && { sameAs }),
      };
