import type { ReadableEntry, Story } from '#contract';
import { dateline } from '#pages';
import { expect, test } from '@jest/globals';
import { publisherOf } from '../brand/site.js';
import { addressesOf } from './addresses.js';
import { blogPosting, liveBlogPosting } from './live-blog-posting.js';
import type { DatedEntry } from './syndicated.js';

// What Google asks for. Its pages require no property of an article, and recommend these:
// https://developers.google.com/search/docs/appearance/structured-data/article
const ofArticle = {
  required: [],
  recommended: ['author', 'author.name', 'author.url', 'dateModified', 'datePublished', 'headline', 'image'],
};
// Of an organisation they require nothing and recommend, among addresses and numbers that a publisher need not tell us:
// https://developers.google.com/search/docs/appearance/structured-data/organization
const ofOrganization = { required: [], recommended: ['name', 'url', 'logo'] };
// They have no page on live blogs. What sets one apart from an article is its own properties: https://schema.org/LiveBlogPosting
const ofLiveBlog = { required: ['coverageStartTime', 'liveBlogUpdate'], recommended: ['coverageEndTime'] };

// https://developers.google.com/search/docs/appearance/structured-data/video, of what we know: readers need no player of ours
// (`embedUrl`), recordings do not expire, and nobody counts who plays them.
const ofVideo = {
  required: ['name', 'thumbnailUrl', 'uploadDate'],
  recommended: ['contentUrl', 'description', 'duration'],
};

/** Recommended, and not told until updates have pictures. */
const withPictures = ['image'];

/** `author.url` is what Google calls the address of an author; it reads `sameAs` as the same, says its page. */
const aliases: Readonly<Record<string, string>> = { url: 'sameAs' };

const story: Story = {
  ...{
    id: 'talks',
    title: 'The talks',
    summary: 'What is said.',
    zone: 'UTC',
    language: 'en',
    starts: null,
    ends: null,
  },
  ...{ status: 'closed', opened: '2026-03-01T09:00:00.000Z', closed: '2026-03-02T09:00:00.000Z' },
  ...{ ended: '2026-03-02T09:00:00.000Z', continues: null, developments: 1, position: 9 },
  ...{ recorded: '2026-03-01T10:00:00.000Z', pinned: null, conditions: {} },
};
const reported: Omit<ReadableEntry, 'title'> = {
  ...{ kind: 'update', headline: 'So it is', headlineHtml: 'So it is', bodyHtml: '<p>So.</p>', data: {} },
  ...{ occurred: { precision: 'unknown' }, sourcing: { basis: 'desk', standing: 'confirmed' } },
  ...{ modality: { mode: 'asserted', conditions: [] }, standing: 'confirmed', actors: [], by: 'Ada' },
  ...{
    byline: [{ name: 'Ada Quill', sameAs: 'https://news.example/ada' }],
    id: '11111111-1111-4111-8111-111111111111',
  },
  ...{ recorded: '2026-03-01T09:30:00.000Z', position: 5, changed: 8, status: 'active', key: false, pinned: false },
  ...{ links: [], lifted: null, supersedes: [], supersededBy: null, checks: [], corrections: [], edits: [] },
  ...{ retraction: null },
};
const entry: DatedEntry = { ...reported, title: 'So it is', modified: '2026-03-01T10:00:00.000Z' };

const addresses = addressesOf('https://live.example', 'talks');
const logo = { url: '/assets/brand-logo.svg', width: 120, height: 40 };
const publisher = publisherOf({ base: 'https://live.example', brand: { ...dateline, name: 'The Post', logo } });
const live = liveBlogPosting({ story, log: 'l', entries: [entry], points: [] }, addresses, publisher);
const article = blogPosting(story, entry, addresses, publisher);

/** The properties of a list that the data does not have. */
const missing = (data: object, { required, recommended }: { required: string[]; recommended: string[] }) =>
  [...required, ...recommended].filter(path => {
    const found = path.split('.').reduce<unknown>((at, name) => {
      const one = (Array.isArray(at) ? at[0] : at) as Record<string, unknown> | undefined;
      return one?.[name] ?? one?.[aliases[name] ?? name];
    }, data);
    return found === undefined || found === null || (Array.isArray(found) && found.length === 0);
  });

test('an update has all that Google recommends for an article, except a picture', () => {
  expect(article['@type']).toBe('BlogPosting');
  expect(missing(article, ofArticle)).toEqual(withPictures);
});

test('a live blog has that too, and its own properties; so does each of its updates', () => {
  expect(live['@type']).toBe('LiveBlogPosting');
  expect(missing(live, ofArticle)).toEqual(withPictures);
  expect(missing(live, ofLiveBlog)).toEqual([]);
  for (const update of live.liveBlogUpdate as object[]) expect(missing(update, ofArticle)).toEqual(withPictures);
});

test('both name the publisher, with all that Google recommends for an organisation', () => {
  for (const data of [live, article]) expect(missing(data.publisher as object, ofOrganization)).toEqual([]);
});

test('a property that is left out is found', () => {
  const { author, ...rest } = article as unknown as { author: object[] };
  expect(missing(rest, ofArticle)).toEqual(['author', 'author.name', 'author.url', ...withPictures]);
  expect(missing({ ...rest, author: [{ name: 'Ada' }] }, ofArticle)).toEqual(['author.url', ...withPictures]);
  expect(author).toHaveLength(1);
});

test('a video has all that Google requires and recommends; a sound has the same', () => {
  const medium = { picture: 'p', alt: 'A crane falls', caption: 'At noon', credit: 'Ann', colour: null };
  const sources = [{ href: '/media/p', type: 'image/jpeg', width: 640, height: 360 }];
  const recording = { file: 'r', href: '/media/r', type: 'video/mp4', size: 9_000, lasts: 125_500 };
  const sides = { width: 1_280, height: 720 };
  const shown = (more: object) => ({ ...medium, ...sides, sources, recording: { ...recording, ...more } });
  const { video, audio } = blogPosting(
    story,
    { ...entry, media: [shown(sides), { ...shown({ type: 'audio/mpeg' }) }] },
    addresses,
    publisher,
  ) as unknown as { video: object[]; audio: object[] };
  expect(video).toEqual([
    {
      ...{ '@type': 'VideoObject', name: 'So it is', description: 'A crane falls\nAt noon', duration: 'PT2M5.5S' },
      ...{ thumbnailUrl: 'https://live.example/media/p', contentUrl: 'https://live.example/media/r' },
      ...{ uploadDate: '2026-03-01T09:30:00.000Z', encodingFormat: 'video/mp4', contentSize: '9000' },
      ...{ width: '1280 px', height: '720 px', creditText: 'Ann' },
    },
  ]);
  expect(missing(video[0]!, ofVideo)).toEqual([]);
  expect(missing(audio[0]!, ofVideo)).toEqual([]);
  const { thumbnailUrl: _, ...without } = video[0] as { thumbnailUrl: string };
  expect(missing(without, ofVideo)).toEqual(['thumbnailUrl']);
});
