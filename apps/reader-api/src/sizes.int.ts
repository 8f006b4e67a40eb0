import { Page } from '#contract';
import { actorStream, storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { listBytes } from './http/paging.js';
import { corrected, listeningReader, meeting, recorded, TestNewsroom } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const most = 200_000;
const stream = storyStream('long');
const on = (type: string, data: object) => ({ type, data }) as OpaqueEvent;
/** The longest body that an editor may write. */
const longest = 'words and words '.repeat(3_125);
/** A body that fills a quarter of a list, so that three updates fit. */
const quarter = 'x '.repeat(listBytes / 8);
const statement = (n: number, body: string) =>
  meeting(['ada'], {
    kind: 'statement',
    headline: `Statement ${n}`,
    body,
    data: { speaker: 'ada', quote: 'said '.repeat(900) },
    sourcing: { basis: 'on-record', standing: 'confirmed', actor: 'ada' },
  } as never);
const ids = Array.from({ length: 60 }, () => randomUUID());
const aliases = Array.from({ length: 50 }, (_, n) => `${'A name '.repeat(20)}${n}`);

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  const profile = (name: string) => ({ name, kind: 'person', aliases, affiliations: [] });
  const story = (n: number) => ({ title: `About ${n}`, summary: 'A summary. '.repeat(180), zone: 'UTC' });
  await newsroom.postAll([
    { stream: actorStream('ada'), events: [on('ActorRegistered', profile('Ada'))] },
    ...Array.from({ length: 60 }, (_, n) => ({
      stream: actorStream(`actor-${n}`),
      events: [on('ActorRegistered', profile(`Actor ${n}`))],
    })),
    { stream, events: [on('StoryOpened', story(0))] },
    ...Array.from({ length: 140 }, (_, n) => ({
      stream: storyStream(`other-${n}`),
      events: [on('StoryOpened', story(n))],
    })),
    ...Array.from({ length: 60 }, (_, n) => ({
      stream: storyStream(`other-${n}`),
      events: [recorded(randomUUID(), meeting([`actor-${n}`]))],
    })),
  ]);
  for (const [n, id] of ids.entries())
    await newsroom.post(stream, recorded(id, statement(n, longest)), on('DevelopmentMarkedKey', { development: id }));
  for (let n = 0; n < 12; n++)
    await newsroom.post(stream, corrected(ids[0]!, statement(n, longest), 'That it was so.', 'It was not.'));
  reader = await listeningReader(database.databaseUrl);
}, 120_000);
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path).set('Accept-Encoding', 'identity').expect(200);

/** Follows `next` to the end. Returns what the pages hold, and the length of the longest. */
async function walk<Item>(path: string, itemsOf: (body: Record<string, Item[]>) => readonly Item[]) {
  const items: Item[] = [];
  let longest = 0;
  let pages = 0;
  for (let next: string | null = path; next; pages++) {
    const { text, body }: request.Response = await get(next);
    longest = Math.max(longest, Buffer.byteLength(text));
    items.push(...itemsOf(body as Record<string, Item[]>));
    next = (body as { next: string | null }).next;
  }
  return { items, longest, pages };
}
const idOf = ({ id }: { id: string }) => id;

describe('the size of answers with the longest items', () => {
  it.each(['newest', 'story'])(
    'the timeline has pages of at most 200 kB that hold each update once, in the order %s',
    async order => {
      const { items, longest, pages } = await walk(
        `/stories/long/timeline?limit=200&order=${order}`,
        ({ entries }) => entries!,
      );
      const told = order === 'story' ? ids : ids.toReversed();
      expect((items as { id: string }[]).map(idOf)).toEqual(told);
      expect(longest).toBeLessThanOrEqual(most);
      expect(pages).toBeGreaterThan(10);
    },
  );

  it.each([
    ['/stories?limit=200', 'stories', 141],
    ['/actors?limit=200', 'actors', 61],
    ['/stories/long/actors/ada?limit=200', 'cells', 60],
    [`/stories/long/timeline/${ids[0]}/history`, 'corrections', 12],
  ])('%s has pages of at most 200 kB that hold each item once', async (path, member, count) => {
    const { items, longest, pages } = await walk(path, body => body[member]!);
    expect(new Set(items.map(item => JSON.stringify(item))).size).toBe(items.length);
    expect(items).toHaveLength(count);
    expect(longest).toBeLessThanOrEqual(most);
    expect(pages).toBeGreaterThan(1);
  });

  it.each([
    '/s',
    '/s/long',
    `/s/long/d/${ids[0]}`,
    '/s/long/actors/ada',
    '/s/long/embed',
    `/s/long/d/${ids[0]}/embed`,
    '/s/long/actors/ada/embed',
    '/stories/long/feed.atom',
    '/stories/long/feed.json',
    '/stories/long/feed.rss',
    `/stories/long/timeline/${ids[1]}`,
  ])('%s has at most 200 kB', async path => {
    expect(Buffer.byteLength((await get(path)).text)).toBeLessThanOrEqual(most);
  });

  it('a page ends only when the next item would exceed the limit', async () => {
    const stream = storyStream('exact');
    await newsroom.openStory('exact');
    for (let n = 0; n < 4; n++)
      await newsroom.post(stream, recorded(randomUUID(), meeting(['ada'], { body: quarter })));
    const { entries } = Page.parse((await get('/stories/exact/timeline')).body);
    const each = entries.map(entry => Buffer.byteLength(JSON.stringify(entry)));
    expect(entries).toHaveLength(3);
    const sum = each.reduce((all, bytes) => all + bytes);
    expect(sum).toBeLessThanOrEqual(listBytes);
    expect(sum + Math.min(...each)).toBeGreaterThan(listBytes);
  });
});
