import { inTransaction } from '#postgres';
import { firstOfPages, storiesFrom, useBuild } from '#projections';
import { actorStream, storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const [stories, actors] = [203, 205];
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(3, '0')}`);
const storyIds = numbered('story', stories);
const actorIds = numbered('actor', actors);
const profile = (name: string) => ({ name, kind: 'person', aliases: [], affiliations: [] });
const on = (type: string, data: object) => ({ type, data }) as OpaqueEvent;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.postAll([
    ...actorIds.map(id => ({ stream: actorStream(id), events: [on('ActorRegistered', profile(id))] })),
    ...storyIds.map(id => ({
      stream: storyStream(id),
      events: [on('StoryOpened', { title: `About ${id}`, zone: 'UTC' })],
    })),
    // Most is known of the first actor, and equally much of each of the others.
    ...['actor-000', ...actorIds].map(id => ({
      stream: storyStream('story-000'),
      events: [recorded(randomUUID(), meeting([id]))],
    })),
  ]);
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
type Item = { readonly id: string };

/** Collects the ids on each page, from the first to the last. */
async function walk(path: string, member: 'stories' | 'actors'): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | null = path; next;) {
    const { body }: { body: Record<string, Item[]> & { next: string | null } } = await get(next).expect(200);
    pages.push(body[member]!.map(({ id }) => id));
    next = body.next;
  }
  return pages;
}
const changedLast = ['story-000', ...storyIds.slice(1).reverse()];
const all = 1 + actors + stories + actors + 1;

describe.each([
  ['/stories', 'stories', changedLast],
  ['/actors', 'actors', actorIds],
  ['/stories/story-000/actors', 'actors', actorIds],
  [`/stories/story-000/actors?position=${all}`, 'actors', actorIds],
] as const)('the list at %s', (path, member, expected) => {
  const asked = (query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

  it('its pages hold each item once, in order', async () => {
    const pages = await walk(asked('limit=100'), member);
    expect(pages.flat()).toEqual(expected);
    expect(pages.map(({ length }) => length)).toEqual([100, 100, expected.length - 200]);
    expect((await walk(path, member))[0]).toHaveLength(50);
  });

  it('the last page may be full, and no empty page follows', async () => {
    const pages = await walk(asked(`limit=${path === '/stories' ? 29 : 41}`), member);
    expect(new Set(pages.map(({ length }) => length)).size).toBe(1);
  });

  it('it accepts a limit from 1 to 200 and only cursors that it wrote', async () => {
    expect((await get(asked('limit=200')).expect(200)).body[member]).toHaveLength(200);
    const cursor = (...contents: unknown[]) => Buffer.from(JSON.stringify(contents)).toString('base64url');
    for (const wrong of [
      'limit=0',
      'limit=201',
      'cursor=x',
      `cursor=${cursor('newest', 1, 0)}`,
      `cursor=${cursor('stories', 2 ** 31)}`,
      `cursor=${cursor('story-actors', 2 ** 31, 'a')}`,
      `cursor=${cursor('actors', '\0')}`,
      'offset=1',
    ])
      expect([wrong, (await get(asked(wrong))).status]).toEqual([wrong, 422]);
  });
});

it('the ETag of a list changes when any story or any actor changes', async () => {
  const tags = async () =>
    Promise.all(['/stories?limit=1', '/actors?limit=1'].map(async path => (await get(path).expect(200)).headers.etag));
  const before = await tags();
  expect(await tags()).toEqual(before);
  await newsroom.post(storyStream('story-007'), on('StoryClosed', {}));
  await newsroom.post(actorStream('actor-204'), on('ActorAmended', profile('Renamed')));
  const after = await tags();
  expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, false]);
  expect((await get('/stories?limit=1')).body.stories[0].id).toBe('story-007');
});

it('the pages of a story’s actors hold each actor once, although the story changes between two of them', async () => {
  const first = await get('/stories/story-000/actors?limit=100').expect(200);
  const { actors: before, next } = first.body as { actors: Item[]; next: string };
  await newsroom.post(storyStream('story-000'), recorded(randomUUID(), meeting(['actor-204'])));
  const others = await walk(next, 'actors');
  expect([...before.map(({ id }) => id), ...others.flat()]).toEqual(actorIds);
});

it('pages list 100 stories or 100 people, and link to the other stories', async () => {
  const links = (text: string) => [...text.matchAll(/<h2><a href="\/s\/([^"]+)"/g)].map(([, id]) => id);
  const seen: string[][] = [];
  for (let address: string | undefined = '/s'; address;) {
    const page: string = (await get(address).expect(200)).text;
    seen.push(links(page) as string[]);
    address = /rel="next" href="([^"]+)"/.exec(page)?.[1];
  }
  expect(seen.map(({ length }) => length)).toEqual([100, 100, stories - 200]);
  expect(new Set(seen.flat())).toEqual(new Set(storyIds));
  const story = (await get('/s/story-000').expect(200)).text;
  const people = /<section class="people".*?<\/section>/s.exec(story)![0];
  expect(people.match(/<li>/g)).toHaveLength(100);
  const history = (await get('/s/story-000/history').expect(200)).text;
  expect(/class="states".*?<\/section>/s.exec(history)![0].match(/<details/g)).toHaveLength(6);
  expect(history).toContain('and others with fewer facts');
});

it('sitemaps of so many stories have each story once', async () => {
  const [firsts, pages] = await inTransaction(newsroom.pool, 'read', async client => {
    await useBuild(client, newsroom.build);
    const first = await firstOfPages(client, 100, 10);
    const of = async (from: string) => (await storiesFrom(client, from, 100)).map(({ story }) => story);
    return [first, await Promise.all(first.map(of))] as const;
  });
  expect(firsts).toEqual(['story-000', 'story-100', 'story-200']);
  expect(pages.flat()).toEqual(storyIds);
  const { text } = await get('/sitemap.xml?from=story-202').buffer().expect(200);
  expect([...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, at]) => at!.split('/').at(-1))).toEqual(['story-202']);
});
