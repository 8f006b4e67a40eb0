import { OneEntry, type Entry } from '#contract';
import { storyStream, type Capture, type OpaqueEvent } from '#domain';
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

const stream = storyStream('talks');
const on = (type: string, data: object) => ({ type, data }) as unknown as OpaqueEvent;
const capture = (title: string, at: string): Capture => ({
  url: 'https://news.example/a',
  title,
  text: 'They left at six.',
  sources: ['open-graph'],
  at,
  proof: 'p'.repeat(43),
});
const again = {
  title: 'CANARY Talks are off',
  sources: ['html' as const],
  at: '2026-08-15T16:20:00Z',
  proof: 'p'.repeat(43),
};
const first = capture('CANARY Talks go on', '2026-08-15T14:05:00Z');
const second = capture('CANARY Talks end', '2026-08-15T15:05:00Z');
const recaptured = (development: string, made: Capture) => {
  const whole = meeting(['ada'], { captures: [made] });
  const { outline } = recorded(development, whole).data as { outline: object };
  return on('DevelopmentRecaptured', { development, outline, told: { captures: [made] } });
};
const content = (made: Capture) => meeting(['ada'], { captures: [made] });
const [shown, hidden, withdrawn, removed, gone] = Array.from({ length: 5 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
];
let before: number;
let firstOnly: number;
let hiddenAt: number;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('talks');
  const post = (...events: OpaqueEvent[]) => newsroom.post(stream, ...events);
  before = await post(recorded(shown, content(first)));
  await post(corrected(shown, content(second), 'The page says otherwise now.', 'It was captured again.'));
  hiddenAt = await post(recorded(hidden, content(first)), on('DevelopmentEmbargoed', { development: hidden }));
  await post(recorded(withdrawn, content(first)));
  await post(retracted(withdrawn, 'It was wrong.'));
  await post(recorded(removed, content(first)));
  firstOnly = newsroom.position;
  for (const id of [shown, hidden, removed]) await post(recaptured(id, { ...(id === shown ? second : first), again }));
  await post(recorded(gone, content(first)));
  await post(recaptured(gone, { ...first, again: { gone: true, at: again.at, proof: again.proof } }));
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const get = (path: string) => request(reader.url).get(path);
const entryOf = async (id: string, query = ''): Promise<Entry> =>
  OneEntry.parse((await get(`/stories/talks/timeline/${id}${query}`).expect(200)).body).entry;
const capturesOf = async (id: string, query = '') => {
  const entry = await entryOf(id, query);
  return 'captures' in entry ? entry.captures : undefined;
};

describe('the captures of a development', () => {
  test('their words are found by a search, as they are now and as they were, by their story’s rules', async () => {
    const found = async (q: string, query = '') => {
      const { body } = await get(`/search?q=${encodeURIComponent(q)}&story=talks${query}`).expect(200);
      return (body.found as { development: string; excerptHtml: string | null }[]).map(each => each.development).sort();
    };
    expect(await found('"talks are off"')).toEqual([removed, shown].sort());
    expect(await found('"talks are off"', `&position=${firstOnly}`)).toEqual([]);
    expect(await found('"talks end"', `&position=${firstOnly}`)).toEqual([shown]);
    expect(await found('"talks go on"', `&position=${before}`)).toEqual([shown]);
    const { body } = await get('/search?q=six&story=talks').expect(200);
    expect(body.found[0].excerptHtml).toContain('<mark>six</mark>');
  });

  test('are shown as they are now, and as they were', async () => {
    expect(await capturesOf(shown)).toEqual([{ ...second, again }]);
    expect(await capturesOf(shown, `?position=${firstOnly}`)).toEqual([second]);
    expect(await capturesOf(shown, `?position=${before}`)).toEqual([first]);
  });

  test('are in the former content of a correction', async () => {
    const { body } = await get(`/stories/talks/timeline/${shown}/history`).expect(200);
    expect(JSON.stringify(body)).toContain(first.title);
  });

  test('are on the story’s page as a card without a request to their site', async () => {
    const { text } = await get('/s/talks').expect(200);
    expect(text).toContain('CANARY Talks end');
    expect(text).toMatch(/captured again .*the title and the text changed/);
    expect(text).toContain('CANARY Talks are off');
    expect(text).toContain('gone at');
    expect(text).toContain('class="captured"');
    expect(text).not.toMatch(/<(iframe|img|script)[^>]*news\.example/);
  });

  test('that are captured again are a change for open pages, and no correction', async () => {
    const { body } = await get(`/stories/talks/changes?after=${firstOnly}`);
    expect(JSON.stringify(body)).toContain('DevelopmentRecaptured');
    const entry = await entryOf(gone);
    expect(entry).toMatchObject({ status: 'active', corrections: [], edits: [] });
  });

  test('are left out once it is retracted', async () => {
    expect(await capturesOf(withdrawn)).toBeUndefined();
  });

  test('are not known under an embargo, at any position', async () => {
    for (const query of ['', `?position=${hiddenAt}`])
      await get(`/stories/talks/timeline/${hidden}${query}`).expect(404);
    await newsroom.post(stream, on('EmbargoLifted', { development: hidden }));
    expect(await capturesOf(hidden)).toEqual([{ ...first, again }]);
    await get(`/stories/talks/timeline/${hidden}?position=${hiddenAt}`).expect(404);
  });

  test('are gone after a takedown, from every row', async () => {
    const at = newsroom.position;
    expect(await capturesOf(removed)).toEqual([{ ...first, again }]);
    await newsroom.post(stream, ...takenDown(removed));
    expect(await entryOf(removed)).toMatchObject({ status: 'taken-down' });
    expect(await entryOf(removed, `?position=${at}`)).toMatchObject({ status: 'taken-down' });
    const { rows } = await newsroom.pool.query<{ held: string }>(
      `select row_to_json(timeline)::text as held from ${newsroom.build}.timeline where development = $1`,
      [removed],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.held).not.toContain('CANARY');
  });
});
