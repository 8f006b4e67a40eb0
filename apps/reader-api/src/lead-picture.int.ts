import { ListedStory, OneStory, type LeadPicture } from '#contract';
import { storyStream, type Media, type OpaqueEvent } from '#domain';
import { leadSearched } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import {
  corrected,
  listeningReader,
  meeting,
  recorded,
  retracted,
  takenDown,
  TestNewsroom,
} from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const on = (type: string, data: object) => ({ type, data }) as unknown as OpaqueEvent;

const hex = (text: string) => Buffer.from(text).toString('hex').padEnd(64, '0');
/** A picture of which no file exists, in two widths for a list and one that is too wide for it. */
const pictures = (alt: string): Media => {
  const file = (width: number, type: string) => ({
    ...{ name: hex(`sealed ${alt} ${width} ${type.slice(6)}`), sha256: hex(`${alt} ${width} ${type.slice(6)}`) },
    ...{ type, width, height: width / 2, size: 9 },
  });
  const renditions = [320, 640, 960].flatMap(width => ['image/webp', 'image/jpeg'].map(type => file(width, type)));
  return [
    { alt, picture: { secret: 'A'.repeat(22), colour: '#224466', original: file(1_200, 'image/jpeg'), renditions } },
  ];
};
const plain = meeting([], { kind: 'update', body: 'Words.', data: {} });
const showing = (alt: string) => ({ ...plain, media: pictures(alt) });

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);

/** What a page says of its picture to other sites: its path, its size and its alternative text. */
const previewIn = (page: string) =>
  [...page.matchAll(/<meta property="og:image(?::\w+)?" content="(?:[^"]*(?=\/media\/))?([^"]*)"/g)].map(
    ([, is]) => is,
  );
const previewOf = ({ sources, alt }: LeadPicture) => {
  const { href, width, height } = sources.findLast(({ type }) => type === 'image/jpeg')!;
  return [href, `${width}`, `${height}`, alt];
};

/** Opens a story for one test. */
async function storyOf(id: string) {
  await newsroom.openStory(id);
  const post = (...events: OpaqueEvent[]) => newsroom.post(storyStream(id), ...events);
  const lead = async (query = ''): Promise<LeadPicture | null> =>
    OneStory.parse((await get(`/stories/${id}${query}`).expect(200)).body).leadPicture;
  const listed = async (): Promise<LeadPicture | null> => {
    const { stories } = (await get('/stories').expect(200)).body as { stories: { id: string }[] };
    return ListedStory.parse(stories.find(story => story.id === id)).leadPicture;
  };
  /** The alternative text of its picture in every answer about the present: the same, or the test fails. */
  const alt = async (): Promise<string | undefined> => {
    const [one, inList] = [await lead(), await listed()];
    expect(inList?.picture).toBe(one?.picture);
    const line = new RegExp(`<li[^>]*>(?:(?!</li>).)*href="/s/${id}"(?:(?!</li>).)*</li>`, 's');
    const [item = ''] = line.exec((await get('/s').expect(200)).text) ?? [];
    expect(/<img[^>]* alt="([^"]*)"/.exec(item)?.[1]).toBe(one?.alt);
    const page = (await get(`/s/${id}`).expect(200)).text;
    const preview = one ? previewOf(one) : [];
    expect(previewIn(page)).toEqual(preview);
    const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)![1]!);
    expect(String(data.image)).toMatch(new RegExp(`${preview[0]}$`));
    return one?.alt;
  };
  return { post, lead, listed, alt };
}
const ids = () => Array.from({ length: 3 }, () => randomUUID()) as [string, string, string];

describe('the lead picture of a story', () => {
  test('is the first of the newest update that has one; a list has its narrow renditions alone', async () => {
    const { post, lead, listed, alt } = await storyOf('newest');
    const [first, second] = ids();
    expect(await alt()).toBeUndefined();
    await post(recorded(first, showing('one')));
    expect(await alt()).toBe('one');
    await post(recorded(second, showing('two')));
    await post(recorded(randomUUID(), plain));
    expect(await alt()).toBe('two');
    expect(await lead()).toMatchObject({ development: second, width: 1_200, height: 600, colour: '#224466' });
    const widths = (found: LeadPicture | null) => [...new Set(found!.sources.map(({ width }) => width))];
    expect(widths(await lead())).toEqual([320, 640, 960]);
    expect(widths(await listed())).toEqual([320, 640]);
    const { text } = await get('/s').expect(200);
    expect(text).toMatch(/<img src="\/media\/[0-9a-f]{64}" width="320" height="160" alt="two" loading="lazy"/);
  });

  test('is that of the pinned update, if it has one', async () => {
    const { post, alt } = await storyOf('pinned');
    const [first, second, bare] = ids();
    await post(recorded(first, showing('one')));
    await post(recorded(second, showing('two')));
    await post(recorded(bare, plain));
    await post(on('DevelopmentPinned', { development: first }));
    expect(await alt()).toBe('one');
    await post(on('DevelopmentPinned', { development: bare }));
    expect(await alt()).toBe('two');
  });

  test('follows corrections, replacements and retractions; a read of the past has that of then', async () => {
    const { post, lead, alt } = await storyOf('past');
    const [first, second, third] = ids();
    const then = await post(recorded(first, showing('one')));
    await post(recorded(second, showing('two')));
    await post(corrected(second, showing('two again'), 'The picture.', 'A newer one.'));
    expect(await alt()).toBe('two again');
    await post(recorded(third, plain), on('DevelopmentSuperseded', { development: second, by: third }));
    expect(await alt()).toBe('one');
    await post(retracted(first, 'Another place.'));
    expect(await alt()).toBeUndefined();
    expect((await lead(`?position=${then}`))?.alt).toBe('one');
    expect((await lead(`?position=${then + 1}`))?.alt).toBe('two');
    expect(await lead(`?position=${then - 1}`)).toBeNull();
  });

  test('is none of an update under embargo, at any position before its lift', async () => {
    const { post, lead, alt } = await storyOf('embargo');
    const [hidden] = ids();
    const before = (await get('/stories').expect(200)).text;
    const at = await post(recorded(hidden, showing('secret')), on('DevelopmentEmbargoed', { development: hidden }));
    expect(await alt()).toBeUndefined();
    expect((await get('/stories').expect(200)).text).toBe(before);
    await post(on('EmbargoLifted', { development: hidden }));
    expect(await alt()).toBe('secret');
    expect(await lead(`?position=${at}`)).toBeNull();
  });

  test('is gone from every answer, also about the past, after a takedown of its update', async () => {
    const { post, lead, alt } = await storyOf('taken');
    const [first, second] = ids();
    await post(recorded(first, showing('one')));
    const at = await post(recorded(second, showing('a face')));
    expect(await alt()).toBe('a face');
    await post(...takenDown(second));
    expect(await alt()).toBe('one');
    expect((await lead(`?position=${at}`))?.alt).toBe('one');
  });

  test(`is searched in the newest ${leadSearched} updates`, async () => {
    const { post, alt } = await storyOf('long');
    await post(recorded(randomUUID(), showing('old')));
    const more = (count: number) => post(...Array.from({ length: count }, () => recorded(randomUUID(), plain)));
    await more(leadSearched - 1);
    expect(await alt()).toBe('old');
    await more(1);
    expect(await alt()).toBeUndefined();
  });
});
