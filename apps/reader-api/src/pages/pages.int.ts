import { storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { corrected, listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const [first, last] = [randomUUID(), randomUUID()];
const stream = storyStream('talks');
const [opened, told, over] = ['2026-03-01T08:00:00.000Z', '2026-03-01T09:00:00.000Z', '2026-03-01T10:00:00.000Z'];
// Positions: 1 is the log's own commit, 2 the actor, 3 the opening.
const [atFirst, atCorrection] = [4, 5];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl, opened);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  newsroom.recorded = told;
  const early = { from: '2026-03-01T07:00:00Z', precision: 'minute' as const };
  await newsroom.post(stream, recorded(first, meeting(['ada'], { headline: 'Words of then', occurred: early })));
  newsroom.recorded = over;
  const now = meeting(['ada'], { headline: 'Words of now', occurred: early });
  await newsroom.post(stream, corrected(first, now, 'The words.', 'Misheard.'));
  // In UTC, this hour is in the year 10000.
  const late = { from: '9999-12-31T23:59:59-05:00', precision: 'second' as const };
  await newsroom.post(stream, recorded(last, meeting(['ada'], { headline: 'At the end of time', occurred: late })));
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
const textAt = async (path: string, status = 200) => (await get(path).expect(status)).text;
const sentTo = async (path: string) => (await get(path).expect(302)).headers.location!;

const pages = ['/s', '/s/talks', '/s/talks/history', '/s/talks/actors/ada', `/s/talks/d/${first}`];

describe('the parameters of a page', () => {
  it.each(pages)('%s names a parameter that it does not know', async path => {
    for (const name of ['positon', 'limit', 'clock']) {
      if (name === 'clock' && path !== '/s' && path !== '/s/talks') continue;
      const answer = await get(`${path}?${name}=1`);
      expect([path, name, answer.status]).toEqual([path, name, 422]);
      expect(answer.type).toBe('text/html');
      expect(answer.text).toContain(`${name}: unknown field; remove it`);
    }
  });

  it.each(pages)('%s ignores tracking parameters', path =>
    textAt(`${path}?utm_source=mail&utm_medium=x&fbclid=y&gclid=z`),
  );

  it('pages ignore empty fields of their forms', async () => {
    await textAt('/s/talks?actor=&type=&key=');
    await textAt('/s/talks/history?clock=known&at=&with=');
    expect(await textAt('/s/talks?positon=', 422)).toContain('positon');
  });
});

describe('a page as of a moment', () => {
  it('a story’s page with a moment redirects to its time machine', async () => {
    const history = '/s/talks/history';
    expect(await sentTo(`/s/talks?position=${atFirst}`)).toBe(`${history}?position=${atFirst}`);
    const at = encodeURIComponent(told);
    expect(await sentTo('/s/talks?knownAt=2026-03-01T10:00:00%2B01:00')).toBe(`${history}?clock=known&at=${at}`);
    expect(await sentTo(`/s/talks?visibleAt=${told}`)).toBe(`${history}?clock=visible&at=${at}`);
    expect(await sentTo(`/s/talks?happenedBy=${told}&utm_source=x`)).toBe(`${history}?clock=happened&at=${at}`);
  });

  it('the time machine shows a position, and redirects a clock to its own parameters', async () => {
    const then = await textAt(`/s/talks/history?position=${atFirst}`);
    expect(then).toContain('>Words of then<');
    const now = await textAt(`/s/talks/history?position=${atCorrection}`);
    expect(/<ol class="timeline">.*<\/ol>/s.exec(now)![0]).toContain('>Words of now<');
    const { headers } = await get(`/s/talks/history?knownAt=${told}&with=${over}&skip=1`).expect(302);
    expect(headers.location).toBe(
      `/s/talks/history?clock=known&at=${encodeURIComponent(told)}&with=${encodeURIComponent(over)}&skip=1`,
    );
  });

  it.each([`/s/talks/d/${first}`, '/s/talks/actors/ada'])('%s shows its content as of that moment', async path => {
    expect(await textAt(path)).not.toContain('is-past');
    expect(await textAt(path)).toContain('Words of now');
    for (const query of [`position=${atFirst}`, `clock=known&at=${told}`, `at=${told}&clock=known`]) {
      const then = await textAt(`${path}?${query}`);
      expect(then).toContain('Words of then');
      expect(then).not.toContain('Words of now');
      expect(then).toContain('Back to now');
    }
    expect(await sentTo(`${path}?knownAt=${told}`)).toBe(`${path}?clock=known&at=${encodeURIComponent(told)}`);
  });

  it.each([
    ['/s/talks', 'position=4&knownAt=2026-03-01T09:00:00Z', ['position', 'knownAt']],
    ['/s/talks', 'position=4&order=story', ['position', 'order']],
    ['/s/talks/history', 'position=4&at=2026-03-01T09:00', ['position', 'at']],
    ['/s/talks/history', 'position=4&clock=known', ['position', 'clock']],
    ['/s/talks/history', 'at=2026-03-01T09:00&step=1', ['at', 'step']],
    ['/s/talks/actors/ada', 'at=2026-03-01T09:00&visibleAt=2026-03-01T09:00:00Z', ['at', 'visibleAt']],
    [`/s/talks/d/${first}`, 'knownAt=2026-03-01T09:00:00Z&visibleAt=2026-03-01T09:00:00Z', ['knownAt', 'visibleAt']],
  ])('%s?%s is refused, because its parameters exclude each other', async (path, query, [one, other]) => {
    expect(await textAt(`${path}?${query}`, 422)).toContain(`${one}: cannot be combined with ${other}`);
  });

  it.each([
    ['position=0', 'position'],
    ['position=99', 'position'],
    ['position=99999999999', 'position'],
    ['at=yesterday', 'at'],
    ['with=yesterday', 'with'],
    ['skip=-1', 'skip'],
    ['step=x', 'step'],
  ])('%s is refused, and the page names the field', async (query, field) => {
    expect(await textAt(`/s/talks/history?${query}`, 422)).toMatch(new RegExp(`notice[^<]*>${field}: must`));
  });

  it('a moment before the story was opened gives 404', () => textAt('/s/talks/history?position=2', 404));
});

describe('an actor’s page', () => {
  const [path, url] = ['/s/talks/actors/ada', () => `${reader.url}/s/talks/actors/ada`];
  const jsonLd = (page: string) =>
    [...page.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(([, data]) => JSON.parse(data!));

  it('it has absolute addresses of itself and its story, and structured data about the actor', async () => {
    const page = await textAt(path);
    expect(page).toContain(`<link rel="canonical" href="${url()}"/>`);
    expect(page).toContain(`<meta property="og:url" content="${url()}"/>`);
    expect(page).toContain('<meta property="og:type" content="profile"/>');
    expect(page).toMatch(/<meta property="og:title" content="Ada in [^"]+"\/>/);
    expect(page).toContain(`href="${reader.url}/stories/talks/feed.atom"`);
    expect(jsonLd(page)).toMatchObject([
      {
        '@type': 'ProfilePage',
        url: url(),
        isPartOf: { '@id': `${reader.url}/s/talks` },
        mainEntity: { '@type': 'Person', name: 'Ada' },
      },
    ]);
  });

  it('as of a past moment it has no structured data, and its canonical address is the present page', async () => {
    const page = await textAt(`${path}?position=${atFirst}`);
    expect(jsonLd(page)).toEqual([]);
    expect(page).toContain(`<link rel="canonical" href="${url()}"/>`);
  });
});

describe('the search on a story’s page', () => {
  const listed = async (query: string) => {
    const list = /<ol id="timeline".*?<\/ol>/s.exec(await textAt(`/s/talks?${query}`))![0];
    return ['Words of now', 'At the end of time'].filter(headline => list.includes(`>${headline}<`));
  };

  it('the page lists the updates whose headlines contain the words, together with other filters', async () => {
    expect(await listed('words=TIME+end')).toEqual(['At the end of time']);
    expect(await listed('words=of&actor=ada&key=')).toEqual(['Words of now', 'At the end of time']);
    expect(await listed('words=of&key=true')).toEqual([]);
    expect(await listed('words=%20')).toEqual(['Words of now', 'At the end of time']);
    expect(await textAt('/s/talks?words=nowhere')).toContain('No update matches this search.');
  });

  it('the words are kept, escaped, in the search field and in the links', async () => {
    const page = await textAt(`/s/talks?words=${encodeURIComponent('"><script>&')}`);
    expect(page).toContain('name="words" value="&quot;>&lt;script>&amp;" maxlength="100"');
    expect(page).toContain('href="/s/talks?order=story&amp;words=%22%3E%3Cscript%3E%26#updates"');
    expect(page).not.toContain('"><script>');
  });

  it.each([
    ['100 characters', 'x'.repeat(100), 200],
    ['101 characters', 'x'.repeat(101), 422],
    ['8 words', 'x '.repeat(8), 200],
    ['9 words', 'x '.repeat(9), 422],
  ])('the search has the limits of the API: %s', async (_, words, status) => {
    await textAt(`/s/talks?words=${encodeURIComponent(words)}`, status);
  });
});

it('the slider skips a time that cannot be asked for, and begins with the next', async () => {
  const page = await textAt('/s/talks/history?clock=happened&step=0');
  expect(page).toContain('Words of now');
  expect(page).not.toContain('010000');
});

it('a cursor outside the range of the database is refused, in the API and on pages', async () => {
  for (const place of [
    [2_147_483_648, 0],
    [0, 2_147_483_648],
  ]) {
    const cursor = Buffer.from(JSON.stringify(['newest', ...place])).toString('base64url');
    await get(`/stories/talks/timeline?cursor=${cursor}`).expect(422);
    await textAt(`/s/talks?cursor=${cursor}`, 422);
  }
  const last = Buffer.from(JSON.stringify(['newest', 2_147_483_647, 2_147_483_647])).toString('base64url');
  await get(`/stories/talks/timeline?cursor=${last}`).expect(200);
});
