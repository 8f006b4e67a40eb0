import { SearchResults } from '#contract';
import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
} from '../newsroom.fixture.js';
import { mostFound, searchCursor } from './search.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const on = (type: string, data: object) => ({ type, data }) as unknown as OpaqueEvent;
const [bridge, ferry, tunnel, hidden, lost, fähre] = Array.from({ length: 6 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
let first: number;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  const open = (story: string, language: string) =>
    newsroom.post(storyStream(story), on('StoryOpened', { title: `About <${story}>`, zone: 'UTC', language }));
  const tell = (story: string, id: string, headline: string, body?: string) =>
    newsroom.post(storyStream(story), recorded(id, meeting(['ada'], { headline, ...(body && { body }) })));
  await open('talks', 'en');
  await open('hafen', 'de');
  first = await tell('talks', bridge, 'The bridge is closing', 'Nobody crosses <i>it</i> & nobody *knows* why: 1 < 2.');
  await tell('talks', ferry, 'A ferry runs', 'It replaces the closed bridge.');
  await tell('talks', tunnel, 'The tunnel floods', 'CANARYTUNNEL water.');
  await tell('hafen', fähre, 'Die Fähren fahren', 'Alle Brücken sind gesperrt.');
  await newsroom.post(
    storyStream('talks'),
    recorded(hidden, meeting(['ada'], { headline: 'CANARYHIDDEN bridge' })),
    on('DevelopmentEmbargoed', { development: hidden }),
  );
  await tell('talks', lost, 'CANARYLOST bridge', 'CANARYLOSTBODY');
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
async function search(query: Record<string, string | number>): Promise<SearchResults> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return SearchResults.strict().parse((await get(`/search?${parameters}`).expect(200)).body);
}
const ids = async (query: Record<string, string | number>) =>
  (await search(query)).found.map(({ development }) => development);

describe('a search', () => {
  it('finds words in the forms of the story’s language, headlines first', async () => {
    expect(await ids({ q: 'bridges' })).toEqual([lost, bridge, ferry]);
    expect(await ids({ q: 'Fähre' })).toEqual([fähre]);
    expect(await ids({ q: 'brücke', story: 'hafen' })).toEqual([fähre]);
    expect(await ids({ q: 'brücke', story: 'talks' })).toEqual([]);
  });

  it('takes phrases, or, and words that must not be there', async () => {
    expect(await ids({ q: '"closed bridge"' })).toEqual([ferry]);
    expect(await ids({ q: 'ferry or tunnel' })).toEqual([tunnel, ferry]);
    expect(await ids({ q: 'bridge -nobody -canarylost' })).toEqual([ferry]);
    for (const q of ['"', 'a & b | !', '-bridge -', ':*', 'the', "';--", '\\']) {
      const wanted = /[\p{L}\p{N}]/u.test(q) ? 200 : 422;
      await get(`/search?${new URLSearchParams({ q })}`).expect(wanted);
    }
  });

  it('marks the words in texts that are safe to insert', async () => {
    const { found } = await search({ q: 'nobody crosses' });
    expect(found).toMatchObject([
      {
        story: 'talks',
        storyTitle: 'About <talks>',
        headlineHtml: 'The bridge is closing',
        excerptHtml: expect.stringMatching(
          /^<mark>Nobody<.mark> <mark>crosses<.mark> +it +&amp; <mark>nobody<.mark> knows why: 1 &lt; 2/,
        ),
      },
    ]);
    expect((await search({ q: 'tunnel' })).found[0]!.headlineHtml).toBe('The <mark>tunnel</mark> floods');
  });

  it('shows what is embargoed in no result and no count', async () => {
    for (const q of ['canaryhidden', 'bridge']) {
      const answer = await search({ q });
      expect(JSON.stringify(answer.found)).not.toContain('HIDDEN');
      expect(answer.total).toBe(q === 'bridge' ? 3 : 0);
    }
  });

  it('answers as of an earlier position', async () => {
    expect(await ids({ q: 'bridge', position: first })).toEqual([bridge]);
    expect(await ids({ q: 'bridge', position: first - 1 })).toEqual([]);
  });

  it('is of what was corrected and retracted as readers have it', async () => {
    const { position } = newsroom;
    const stream = storyStream('talks');
    await newsroom.post(
      stream,
      corrected(tunnel, meeting(['ada'], { headline: 'The tunnel is dry' }), 'All.', 'A slip.'),
    );
    await newsroom.post(stream, retracted(ferry, 'No.'));
    expect(await ids({ q: 'canarytunnel' })).toEqual([]);
    expect(await ids({ q: 'canarytunnel', position })).toEqual([tunnel]);
    expect((await search({ q: 'dry' })).found).toMatchObject([{ title: 'Corrected: The tunnel is dry' }]);
    expect((await search({ q: 'ferry' })).found).toMatchObject([
      { title: 'Retracted: A ferry runs', excerptHtml: null },
    ]);
    expect(await ids({ q: 'replaces' })).toEqual([]);
  });

  it('finds a development that was taken down at no position', async () => {
    const { position } = newsroom;
    expect(await ids({ q: 'canarylost' })).toEqual([lost]);
    await newsroom.post(storyStream('talks'), ...takenDown(lost));
    for (const query of [{ q: 'canarylost' }, { q: 'canarylostbody' }, { q: 'canarylost', position }]) {
      const answer = await search(query);
      expect([answer.total, answer.found]).toEqual([0, []]);
    }
    const { rows: tables } = await newsroom.pool.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relnamespace = $1::regnamespace and relname like 'search%' and relkind in ('r', 'v')`,
      [newsroom.build],
    );
    expect(tables.length).toBeGreaterThan(5);
    const { rows } = await newsroom.pool.query<{ text: string }>(
      tables.map(({ name }) => `select held::text as text from ${name} held`).join(' union all '),
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter(({ text }) => /canarylost/i.test(text))).toEqual([]);
    const { rows: statistics } = await newsroom.pool.query(
      `select tablename, attname from pg_stats where schemaname = $1 and tablename like 'search%' and attname in ('headline', 'body', 'expr')`,
      [newsroom.build],
    );
    expect(statistics).toEqual([]);
  });

  it('comes in pages of one moment', async () => {
    const { found, next, total } = await search({ q: 'bridge or tunnel', limit: 1 });
    await newsroom.post(storyStream('talks'), recorded(randomUUID(), meeting(['ada'], { headline: 'Tunnel bridge' })));
    const second = SearchResults.parse((await get(next!).expect(200)).body);
    expect(second.total).toBe(total);
    expect(second.found).toHaveLength(1);
    expect(second.found[0]!.development).not.toBe(found[0]!.development);
  });

  it.each([
    ['', 'q'],
    ['q=', 'q'],
    ['q=%22%22', 'q'],
    [`q=${'x'.repeat(101)}`, 'q'],
    ['q=a%00', 'q'],
    ['q=x&limit=51', 'limit'],
    ['q=x&limit=0', 'limit'],
    ['q=x&cursor=x', 'cursor'],
    [`q=x&cursor=${searchCursor.write(['search', mostFound + 1])}`, 'cursor'],
    ['q=x&position=9999', 'position'],
    ['q=x&happenedBy=2026-01-01T00:00:00Z', ''],
  ])('refuses %s and names the field', async (query, field) => {
    const { body } = await get(`/search?${query}`).expect(422);
    if (field) expect(body.errors).toMatchObject([{ field }]);
  });

  it('accepts the longest words, and refuses an unknown story', async () => {
    expect(await ids({ q: 'x'.repeat(100) })).toEqual([]);
    await get('/search?q=x&story=nowhere').expect(404);
    expect(mostFound).toBe(1_000);
  });

  it('has a page', async () => {
    const { text } = await get('/s/-/search?q=tunnel').expect(200);
    expect(text).toContain('tunnel');
    expect(text).toContain('About &lt;talks>');
    await get('/s/-/search?q=').expect(422);
    await get('/s/-/search?q=a%00').expect(422);
  });
});
