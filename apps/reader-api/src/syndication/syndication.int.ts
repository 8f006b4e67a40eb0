import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseFeed } from '@rowanmanning/feed-parser';
import LinkHeader from 'http-link-header';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { z } from 'zod';
import { corrected, listeningReader, meeting, recorded, retracted, TestNewsroom } from '../newsroom.fixture.js';
import { liveBlogPosting } from './live-blog-posting.js';
import { syndicated } from './syndicated.js';
import { addressesOf } from './addresses.js';
import { reading } from '#projections';

// The JSON Feed 1.1 specification, as far as text feeds go.
const Author = z.strictObject({ name: z.string().optional(), url: z.url().optional(), avatar: z.url().optional() });
const Item = z.strictObject({
  id: z.string().min(1),
  url: z.url().optional(),
  title: z.string().optional(),
  content_html: z.string(),
  date_published: z.iso.datetime({ offset: true }).optional(),
  date_modified: z.iso.datetime({ offset: true }).optional(),
  authors: z.array(Author).optional(),
  tags: z.array(z.string()).optional(),
  language: z.string().optional(),
});
const JsonFeed = z.strictObject({
  version: z.literal('https://jsonfeed.org/version/1.1'),
  title: z.string(),
  home_page_url: z.url().optional(),
  feed_url: z.url().optional(),
  description: z.string().optional(),
  language: z.string().optional(),
  items: z.array(Item),
  // An extension: its name begins with an underscore.
  _dateline: z.looseObject({}).optional(),
});

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
const there = 'https://paper.example';
const story = `${there}/s/talks`;
const ids: string[] = Array.from({ length: 4 }, () => randomUUID());
const at = (minute: number) => `2026-03-01T09:${String(minute).padStart(2, '0')}:00.000Z`;
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const post = (minute: number, stream: string, ...events: OpaqueEvent[]) => {
  newsroom.recorded = at(minute);
  return newsroom.post(stream, ...events);
};
const recordedAt = (minute: number, id: number, headline: string, more = {}) =>
  post(minute, storyStream('talks'), recorded(ids[id]!, meeting(['ada'], { headline, ...more })));
const act = (minute: number, type: OpaqueEvent['type'], id: number, data: object) =>
  post(minute, storyStream('talks'), on(type, { development: ids[id], ...data }));

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl, at(0));
  reader = await listeningReader(database.databaseUrl, { PUBLIC_URL: there });
  await newsroom.register('ada', 'Ada');
  const profile = { title: 'Talks & "tea" <3', zone: 'UTC', language: 'en-gb', summary: 'What is said.' };
  await post(1, storyStream('talks'), on('StoryOpened', profile));
  await recordedAt(2, 0, 'First', { body: 'All of it. ]]> **So.**' });
  await recordedAt(3, 1, 'Is 1 < 2?');
  await recordedAt(4, 2, 'Third', { body: 'Nonsense.' });
  const conditions = [{ id: 'calm', text: 'if it is calm' }];
  await recordedAt(5, 3, 'Fourth', { modality: { mode: 'conditional', conditions } });
  const content = meeting(['ada'], { headline: 'First, put right' });
  await post(6, storyStream('talks'), corrected(ids[0]!, content, 'The headline.', 'Misheard.'));
  await post(7, storyStream('talks'), retracted(ids[2]!, 'Nobody said so.'));
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
const atom = async () => {
  const { text, headers } = await get('/stories/talks/feed.atom').buffer().expect(200);
  expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8');
  return { text, feed: parseFeed(text) };
};
const json = async () => {
  const { text, headers } = await get('/stories/talks/feed.json').buffer().expect(200);
  expect(headers['content-type']).toBe('application/feed+json');
  return JsonFeed.parse(JSON.parse(text));
};

describe('the Atom feed', () => {
  it('a feed parser reads the entries newest first, corrected and retracted ones with new dates', async () => {
    const { feed } = await atom();
    expect(feed.meta).toMatchObject({ type: 'atom', version: '1.0' });
    expect(feed.toJSON()).toMatchObject({ title: 'Talks & "tea" <3', description: 'What is said.', language: 'en-GB' });
    expect(feed.updated!.toISOString()).toBe(at(7));
    expect(feed.self).toBe(`${there}/stories/talks/feed.atom`);
    expect(
      feed.items.map(({ id, title, published, updated }) => [
        ids.findIndex(own => id === `urn:uuid:${own}`),
        title,
        published!.toISOString(),
        updated!.toISOString(),
      ]),
    ).toEqual([
      [3, 'If it is calm: Fourth', at(5), at(5)],
      [2, 'Retracted: Third', at(4), at(7)],
      [1, 'Is 1 < 2?', at(3), at(3)],
      [0, 'Corrected: First, put right', at(2), at(6)],
    ]);
  });

  it('the feed has everything that RFC 4287 requires, and no text can end its element', async () => {
    const { text, feed } = await atom();
    for (const item of feed.items) {
      expect(item.authors.map(({ name }) => name)).toEqual(['Test Editor']);
      expect(item.url).toBe(`${story}/d/${item.id!.slice('urn:uuid:'.length)}`);
      expect(item.content).toBeTruthy();
    }
    const count = (tag: string) => text.match(new RegExp(`<${tag}[ >]`, 'g'))?.length;
    expect([count('entry'), count('id'), count('updated'), count('content')]).toEqual([4, 5, 5, 4]);
    expect(feed.items[3]!.content).toContain('<p><strong>Corrected.</strong> The headline. Misheard.</p>');
  });

  it('a retracted entry has only the reason, and a conditional entry names its condition', async () => {
    const { text, feed } = await atom();
    expect(feed.items[1]!.content).toContain('Nobody said so.');
    expect(text).not.toContain('Nonsense');
    expect(feed.items[0]!.content).toContain('<strong>If</strong> it is calm (still open)');
  });
});

describe('the JSON Feed', () => {
  it('it is valid version 1.1, and has the same entries and dates as the Atom feed', async () => {
    const feed = await json();
    expect(feed).toMatchObject({ title: 'Talks & "tea" <3', home_page_url: story, language: 'en-GB' });
    const { feed: other } = await atom();
    expect(feed.items.map(item => [item.id, item.title, item.date_published, item.date_modified])).toEqual(
      other.items.map(({ id, title, published, updated }) => [
        id,
        title,
        published!.toISOString(),
        updated!.toISOString(),
      ]),
    );
    expect(feed.items[1]).toMatchObject({
      authors: [{ name: 'Test Editor' }],
      tags: ['meeting-scheduled', 'retracted'],
    });
  });
});

describe('the RSS feed', () => {
  it('it has the same entries as the Atom feed, and their dates', async () => {
    const { text, headers } = await get('/stories/talks/feed.rss').buffer().expect(200);
    expect(headers['content-type']).toBe('application/rss+xml; charset=utf-8');
    const feed = parseFeed(text);
    expect(feed.meta).toMatchObject({ type: 'rss', version: '2.0' });
    expect(feed.toJSON()).toMatchObject({ title: 'Talks & "tea" <3', description: 'What is said.', url: story });
    const { feed: other } = await atom();
    const told = ({ items }: typeof feed) =>
      items.map(({ id, title, url, published, content, description }) => [
        ...[id, title, url, published!.toISOString(), (content ?? description)!.trim()],
      ]);
    expect(told(feed)).toEqual(told(other));
    expect(feed.items.map(({ authors }) => authors.map(({ name }) => name))).toEqual(ids.map(() => ['Test Editor']));
    expect([...text.matchAll(/<atom:updated>([^<]*)</g)].map(([, updated]) => updated)).toEqual(
      other.items.map(({ updated }) => updated!.toISOString()),
    );
    expect(text).toContain('isPermaLink="false"');
  });
});

describe('every feed', () => {
  it('the story links to every feed', async () => {
    const { headers } = await get('/stories/talks').expect(200);
    const found = LinkHeader.parse(headers.link!).rel('alternate');
    expect(found.map(({ uri, type }) => [uri, type])).toEqual([
      [`${there}/stories/talks/feed.atom`, 'application/atom+xml'],
      [`${there}/stories/talks/feed.json`, 'application/feed+json'],
      [`${there}/stories/talks/feed.rss`, 'application/rss+xml'],
    ]);
  });

  it('the feeds have the same bytes when repeated, and give 304 until something changes', async () => {
    let minute = 8;
    for (const path of ['/stories/talks/feed.atom', '/stories/talks/feed.json', '/stories/talks/feed.rss']) {
      const { text, headers } = await get(path).buffer().expect(200).expect('cache-control', 'no-cache');
      expect((await get(path).buffer()).text).toBe(text);
      await get(path).set('If-None-Match', headers.etag!).expect(304);
      await act((minute += 1), 'DevelopmentVerified', 3, { told: { note: 'Seen.' } });
      await get(path).set('If-None-Match', headers.etag!).expect(200);
    }
  });

  it('the feeds list an old entry again when it is retracted', async () => {
    await newsroom.openStory('long');
    const stream = storyStream('long');
    const many = Array.from({ length: 60 }, () => randomUUID());
    await newsroom.postAll(many.map(id => ({ stream, events: [recorded(id, meeting(['ada']))] })));
    await newsroom.post(stream, retracted(many[0]!, 'No.'));
    const { items } = JSON.parse((await get('/stories/long/feed.json').buffer().expect(200)).text);
    expect(items).toHaveLength(50);
    expect(items.at(-1)).toMatchObject({ id: `urn:uuid:${many[0]}`, title: 'Retracted: A meeting is planned' });
  });

  it('the feeds list an old entry again, with the outcome, when its condition is settled', async () => {
    const stream = storyStream('hanging');
    await newsroom.openStory('hanging');
    const many = Array.from({ length: 60 }, () => randomUUID());
    const modality = { mode: 'conditional' as const, conditions: [{ id: 'fail', text: 'the talks fail' }] };
    await newsroom.post(stream, recorded(many[0]!, meeting(['ada'], { headline: 'War', modality })));
    await newsroom.postAll(many.slice(1).map(id => ({ stream, events: [recorded(id, meeting(['ada']))] })));
    const feeds = async () => {
      const { items } = JSON.parse((await get('/stories/hanging/feed.json').buffer().expect(200)).text);
      const { text } = await get('/stories/hanging/feed.atom').buffer().expect(200);
      const urn = `urn:uuid:${many[0]}`;
      return [items.find(({ id }: { id: string }) => id === urn), parseFeed(text).items.find(({ id }) => id === urn)];
    };
    expect(await feeds()).toEqual([undefined, undefined]);
    const settled = { condition: 'fail', fate: 'lapsed', reason: 'They went on.' };
    await post(50, stream, on('ConditionSettled', settled));
    const [item, entry] = await feeds();
    const title = 'If the talks fail (this did not happen): War';
    expect(item).toMatchObject({ title, date_modified: at(50) });
    expect(item.content_html).toContain('this did not happen). They went on.');
    expect([entry.title, entry.updated.toISOString()]).toEqual([title, at(50)]);
    const { body } = await get(`/stories/hanging/timeline/${many[0]}`).expect(200);
    expect(body.entry).toMatchObject({ changed: body.position, title: 'If the talks fail: War' });
  });

  it('the feeds of a story without developments have no entries', async () => {
    await newsroom.openStory('new');
    expect(JsonFeed.parse(JSON.parse((await get('/stories/new/feed.json').buffer().expect(200)).text)).items).toEqual(
      [],
    );
    expect(parseFeed((await get('/stories/new/feed.atom').buffer().expect(200)).text).items).toEqual([]);
  });

  it('the feeds of an unknown story give 404', async () => {
    for (const path of ['feed.atom', 'feed.json', 'feed.rss'])
      expect((await get(`/stories/nowhere/${path}`).expect(404)).body.code).toBe('unknown-story');
  });
});

it('the LiveBlogPosting has every update of the story', async () => {
  const found = await reading(newsroom, it => syndicated(it, 'talks'));
  const posting = liveBlogPosting(found, addressesOf(there, 'talks'));
  expect(posting).toMatchObject({ '@type': 'LiveBlogPosting', coverageStartTime: at(1), url: story });
  expect(posting.liveBlogUpdate).toHaveLength(found.entries.length);
});

it('the sitemap lists every story with its last change, and robots.txt names the sitemap', async () => {
  const { text } = await get('/sitemap.xml').buffer().expect(200).expect('content-type', 'application/xml');
  const recorded = Object.fromEntries(
    (await get('/stories')).body.stories.map((one: { id: string; recorded: string }) => [one.id, one.recorded]),
  );
  const listed = [...text.matchAll(/<url><loc>([^<]*)<\/loc><lastmod>([^<]*)<\/lastmod><\/url>/g)];
  expect(Object.fromEntries(listed.map(([, loc, lastmod]) => [loc!.split('/').at(-1), lastmod]))).toEqual(recorded);
  expect((await get('/robots.txt').expect(200)).text).toContain(`Sitemap: ${there}/sitemap.xml`);
});

it('the news sitemap lists the stories of the last two days with their headlines, and robots.txt names it', async () => {
  const path = '/news-sitemap.xml';
  const old = await get(path).buffer().expect(200).expect('content-type', 'application/xml');
  // The other stories were opened long ago.
  expect(old.text).not.toContain('<url>');
  const hours = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
  for (const [id, ago] of [
    ['fresh', 1],
    ['fading', 47.9],
    ['stale', 48.1],
  ] as const) {
    newsroom.recorded = hours(ago);
    await newsroom.post(storyStream(id), on('StoryOpened', { title: `<${id}> & co`, zone: 'UTC', language: 'en-gb' }));
  }
  const { text, headers } = await get(path).buffer().expect(200);
  expect([...text.matchAll(/<loc>([^<]*)</g)].map(([, loc]) => loc)).toEqual([`${there}/s/fresh`, `${there}/s/fading`]);
  const publication =
    '<news:publication><news:name>Dateline</news:name><news:language>en</news:language></news:publication>';
  expect(text).toMatch(
    new RegExp(
      `<news:news>${publication}<news:publication_date>[^<]+Z</news:publication_date><news:title>&lt;fresh&gt; &amp; co</news:title></news:news>`,
    ),
  );
  await get(path).set('If-None-Match', headers.etag!).expect(304);
  expect((await get('/robots.txt').expect(200)).text).toContain(`Sitemap: ${there}${path}`);
});
