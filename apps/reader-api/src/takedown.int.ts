import { Change, OneEntry, Page, type TakenDownEntry } from '#contract';
import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import {
  corrected,
  listeningReader,
  meeting,
  recorded,
  secrets,
  takenDown,
  TestNewsroom,
  until,
} from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const base = '/stories/talks';
const [first, gone, linking, hidden] = Array.from({ length: 4 }, () => randomUUID()) as [
  string,
  string,
  string,
  string,
];
const on = (type: OpaqueEvent['type'], data: object) => ({ type, data }) as OpaqueEvent;
const withHeadline = (headline: string, more = {}) => meeting(['ada'], { headline, ...more });
const words = /whispered|shouted|nobody may|mumbled|slander/i;
const conditional = { mode: 'conditional' as const, conditions: [{ id: 'it-rains', text: 'a slander is proven' }] };

// The posts in the order of their positions: 1 is the log's own commit.
const posts: [stream: string, ...events: OpaqueEvent[]][] = [
  ['actor:ada', on('ActorRegistered', { name: 'Ada', kind: 'person', aliases: [], affiliations: [] })],
  [stream, on('StoryOpened', { title: 'The talks', zone: 'UTC' })],
  [stream, recorded(first, withHeadline('At nine'))],
  [
    stream,
    recorded(gone, withHeadline('It was whispered', { body: 'Nobody may know.', modality: conditional })),
    on('DevelopmentSuperseded', { development: first, by: gone }),
  ],
  [stream, corrected(gone, withHeadline('It was shouted'), 'It was mumbled.', 'A slander.')],
  [stream, on('DevelopmentPinned', { development: gone }), on('DevelopmentMarkedKey', { development: gone })],
  [stream, recorded(linking, withHeadline('What follows'))],
  [stream, on('DevelopmentLinked', { development: linking, to: gone, as: 'follows' })],
  [
    stream,
    recorded(hidden, withHeadline('Mumbled under embargo')),
    on('DevelopmentEmbargoed', { development: hidden }),
  ],
];
const last = posts.length + 1;
let shownAt = '';

const get = (path: string) => request(reader.url).get(path);
const body = async (path: string) => (await get(path).expect(200)).body;
/**
 * The present, and every position and clock at which the developments existed. Readers never see the last one, which is
 * under embargo.
 */
const moments = () => [
  '',
  ...Array.from({ length: last - 5 }, (_, i) => `?position=${i + 5}`),
  `?knownAt=${shownAt}`,
  `?visibleAt=${shownAt}`,
];
const paths = () => [
  ...moments().flatMap(moment =>
    ['', '/timeline', `/timeline/${gone}`, '/actors', '/actors/ada'].map(path => `${base}${path}${moment}`),
  ),
  `${base}/feed.atom`,
  `${base}/feed.json`,
  `${base}/feed.rss`,
  '/s/talks',
  `/s/talks/d/${gone}`,
  '/s/talks/actors/ada',
  '/s/talks/embed',
  '/s/talks/export',
  '/s/talks/export?position=5',
  `/s/talks/d/${gone}/embed`,
  '/s/talks/actors/ada/embed',
  `/s/talks/actors/ada?at=${shownAt}`,
  '/s/talks/history',
  `/s/talks/history?clock=known&at=${shownAt}`,
  '/stories',
  '/sitemap.xml',
];

/** A page that was open before, as a browser follows it. */
function following(after: number) {
  const source = new EventSource(`${reader.url}${base}/live?after=${after}`);
  const seen = { changes: [] as Change[], resyncs: [] as string[], close: () => source.close() };
  source.addEventListener('change', ({ data }) => seen.changes.push(Change.parse(JSON.parse(data))));
  source.addEventListener('resync', ({ data }) => seen.resyncs.push(JSON.parse(data).reason));
  return seen;
}

let open: ReturnType<typeof following>;
let before: string[];
let tags: string[];
const tagOf = async (path: string) => (await get(path).expect(200)).headers.etag!;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  for (const [to, ...events] of posts) await newsroom.post(to, ...events);
  shownAt = new Date().toISOString();
  await sleep(5);
  // The position that a page has: that of the last commit that readers see. The one under embargo comes after it.
  open = following((await get(`${base}/timeline`).expect(200)).body.position);
  before = await Promise.all(paths().map(async path => (await get(path).expect(200)).text));
  tags = await Promise.all(paths().map(tagOf));
  await newsroom.post(stream, ...takenDown(gone, on('DevelopmentReinstated', { development: first, retracted: gone })));
  await newsroom.post(stream, ...takenDown(hidden));
});
afterAll(async () => {
  open?.close();
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

describe('a development that was taken down', () => {
  it('its words were in the answers before the takedown', () => {
    const told = paths().filter((_, i) => words.test(before[i]!));
    expect(told.length).toBeGreaterThan(25);
    expect(told).toContain(`${base}/feed.atom`);
    expect(told).toContain('/s/talks/history');
  });

  it('no answer about any moment on any clock has its words', async () => {
    for (const path of paths())
      expect([path, (await get(path).expect(200)).text]).toEqual([path, expect.not.stringMatching(words)]);
  });

  it('it has one placeholder, which says when it was taken down and on what ground', async () => {
    const takedown = { ground: 'legal', position: last + 1, recorded: expect.any(String) };
    const shown = await Promise.all(
      moments().map(async moment => OneEntry.parse(await body(`${base}/timeline/${gone}${moment}`))),
    );
    const [now, ...then] = shown.map(({ entry }) => entry as TakenDownEntry);
    expect(now).toMatchObject({ id: gone, status: 'taken-down', kind: 'meeting-scheduled', headline: null, takedown });
    expect(now).toMatchObject({ actors: [], corrections: [], pinned: false, changed: last + 1 });
    for (const entry of then) expect({ ...entry, changed: now!.changed }).toEqual(now);
    for (const moment of moments()) {
      const { entries } = Page.parse(await body(`${base}/timeline${moment}`));
      expect({ ...entries.find(({ id }) => id === gone), changed: now!.changed }).toEqual(now);
    }
  });

  it('the development that it had superseded is active again', async () => {
    const { entries } = Page.parse(await body(`${base}/timeline`));
    expect(entries.map(({ id, status }) => [id, status])).toEqual([
      [linking, 'active'],
      [gone, 'taken-down'],
      [first, 'active'],
    ]);
    expect(entries[0]).toMatchObject({ headline: 'What follows', links: [] });
    const story = await body(base);
    expect(story).toMatchObject({ developments: 2, pinned: null, conditions: { 'it-rains': { text: 'it rains' } } });
  });

  it('no actor’s state cites it, at any moment', async () => {
    for (const moment of moments()) {
      const { cells } = await body(`${base}/actors/ada${moment}`);
      expect(JSON.stringify(cells)).not.toContain(gone);
    }
  });

  it('pages, feeds and structured data show the time and the ground', async () => {
    const html = (await get(`/s/talks/d/${gone}`).expect(200)).text;
    expect(html.replaceAll(/<[^>]*>/g, ' ')).toMatch(
      /Taken down on\s+\d+ \w+ \d{4}, \d\d:\d\d\s+\(\s*legal grounds\s*\)/,
    );
    const told = /Taken down on \d+ \w+ \d{4}, \d\d:\d\d \(legal grounds\)\./;
    expect((await get('/s/talks').expect(200)).text).toMatch(told);
    for (const path of ['feed.atom', 'feed.json', 'feed.rss'])
      expect((await get(`${base}/${path}`).expect(200)).text).toMatch(told);
  });

  it('no answer that had its words is confirmed with a 304', async () => {
    for (const [i, path] of paths().entries())
      if (words.test(before[i]!)) await get(path).set('If-None-Match', tags[i]!).expect(200);
  });

  it('open pages must load the story again, and no stream sends its words', async () => {
    await until(() => open.resyncs.length > 0);
    expect(open.resyncs).toEqual(['folded-anew']);
    const late = following(4);
    await until(() => late.resyncs.length + late.changes.length > 0);
    late.close();
    expect(late.resyncs.length + late.changes.length).toBeGreaterThan(0);
    expect(JSON.stringify([late.resyncs, late.changes])).not.toMatch(words);
  });

  it('one that was under embargo leaves no trace', async () => {
    await get(`${base}/timeline/${hidden}`).expect(404);
    const since = following(4);
    await sleep(300);
    since.close();
    expect(JSON.stringify([since.changes, open.changes])).not.toContain(hidden);
    expect(open.resyncs).toHaveLength(1);
  });

  it('the time machine has no step for changes that readers never saw', async () => {
    for (const clock of ['known', 'visible']) {
      const { text } = await get(`/s/talks/history?clock=${clock}`).expect(200);
      // The embargoed development and its takedown add no step.
      expect(text).toMatch(/Step 8 of 8/);
    }
  });

  it('its words stay hidden when a backup brings its key back', async () => {
    const back = 'update dateline_keys.key set secret = $2, destroyed = null where development = $1';
    await newsroom.pool.query(back, [gone, secrets.get(gone)]);
    for (const path of paths()) expect((await get(path).expect(200)).text).not.toMatch(words);
    await newsroom.keys.destroy([gone]);
  });

  it('happenedBy leaves it out, because nobody knows any longer when it happened', async () => {
    const moment = '?happenedBy=2026-03-02T00:00:00Z';
    const { entries } = Page.parse(await body(`${base}/timeline${moment}`));
    expect(entries.map(({ id }) => id)).toEqual([linking, first]);
    expect(JSON.stringify(entries)).not.toMatch(words);
  });
});
