import { Change, OneStory, type KeyPoint } from '#contract';
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
  retracted,
  secrets,
  TestNewsroom,
  until,
} from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('march');
const base = '/stories/march';
const ids = Object.fromEntries(['M', 'V', 'R', 'E', 'on', 'road', 'over', 'clean'].map(name => [name, randomUUID()]));
const [M, V, R, E] = [ids.M!, ids.V!, ids.R!, ids.E!];
const at = (clock: string) => `2026-03-01T${clock}:00.000Z`;

const occurring = (clock: string, headline: string) =>
  meeting(['ada'], { headline, occurred: { from: `2026-03-01T${clock}:00Z`, precision: 'minute' } });
const header = (type: string, title: string, more: object = {}) =>
  ({ type, data: { text: randomUUID(), zone: 'UTC', language: 'en', told: { title, ...more } } }) as OpaqueEvent;
const written = (text: string, words: string, replaces?: string) =>
  ({ type: 'KeyPointWritten', data: { text, ...(replaces && { replaces }), told: { words } } }) as OpaqueEvent;
const set = (...points: [text: string, ...cites: string[]][]) =>
  ({ type: 'KeyPointsSet', data: { points: points.map(([text, ...cites]) => ({ text, cites })) } }) as OpaqueEvent;
const [on, road, over, clean] = [ids.on!, ids.road!, ids.over!, ids.clean!];

// When each commit was recorded, and what it holds. The first one, at position 2, opens the story.
const posts: [clock: string, ...events: OpaqueEvent[]][] = [
  ['09:00', header('StoryOpenedSealed', 'A march is called')],
  ['09:10', recorded(M, occurring('09:05', 'The march begins'))],
  ['09:12', recorded(V, occurring('12:00', 'A vigil is planned'))],
  ['09:20', written(on, 'A march is on.'), set([on, M, V])],
  ['09:30', recorded(R, occurring('09:25', 'Police close the road'))],
  ['09:40', written(road, 'The road is closed.'), set([road, R], [on, M, V])],
  ['09:50', header('StoryAmended', 'Thousands march', { reason: 'It grew.' })],
  ['10:00', corrected(M, occurring('09:04', 'The march begins'), 'The minute.', 'Misheard.')],
  ['10:10', retracted(R, 'It was another road.')],
  ['10:20', written(over, 'The march is over.', on), set([over, M])],
  ['10:30', header('StoryAmended', 'The march is over', { reason: 'It ended.' })],
  ['10:40', recorded(E, occurring('10:35', 'Cleaners come'))],
  ['10:50', written(clean, 'Cleaners are at work.'), set([over, M], [clean, E])],
];

// Written by hand. At each instant: the last position by then; the headline, and the key points with what they rest on, as they were known
// then, and, from all that is known today, as what had happened by then. A struck point begins with ~.
const answers: [clock: string, position: number, title: string, known: string[], happened: string[]][] = [
  ['09:05', 2, 'A march is called', [], []],
  ['09:15', 4, 'A march is called', [], []],
  ['09:25', 5, 'A march is called', ['A march is on. M V'], ['A march is on. M']],
  ['09:35', 6, 'A march is called', ['A march is on. M V'], ['A march is on. M']],
  [
    '09:45',
    7,
    'A march is called',
    ['The road is closed. R', 'A march is on. M V'],
    ['~The road is closed. R', 'A march is on. M'],
  ],
  [
    '09:55',
    8,
    'Thousands march',
    ['The road is closed. R', 'A march is on. M V'],
    ['~The road is closed. R', 'A march is on. M'],
  ],
  [
    '10:05',
    9,
    'Thousands march',
    ['The road is closed. R', 'A march is on. M V'],
    ['~The road is closed. R', 'A march is on. M'],
  ],
  [
    '10:15',
    10,
    'Thousands march',
    ['~The road is closed. R', 'A march is on. M V'],
    ['~The road is closed. R', 'A march is on. M'],
  ],
  ['10:25', 11, 'Thousands march', ['The march is over. M'], ['The march is over. M']],
  [
    '10:55',
    14,
    'The march is over',
    ['The march is over. M', 'Cleaners are at work. E'],
    ['The march is over. M', 'Cleaners are at work. E'],
  ],
];

const get = (path: string) => request(reader.url).get(path).redirects(2);
const text = async (path: string) => (await get(path).expect(200)).text;
const story = async (query: Record<string, string | number> = {}) =>
  OneStory.parse((await get(base).query(query).expect(200)).body);
const named = (id: string) => Object.keys(ids).find(name => ids[name] === id)!;
const inShort = ({ words, cites, struck }: KeyPoint) =>
  `${struck ? '~' : ''}${words} ${cites.map(({ development }) => named(development)).join(' ')}`;
const answer = async (query: Record<string, string | number> = {}) => {
  const { title, keyPoints } = await story(query);
  return [title, keyPoints.map(inShort)];
};

function following(after: number) {
  const source = new EventSource(`${reader.url}${base}/live?after=${after}`);
  const seen = { changes: [] as Change[], resyncs: [] as string[], close: () => source.close() };
  source.addEventListener('change', ({ data }) => seen.changes.push(Change.parse(JSON.parse(data))));
  source.addEventListener('resync', ({ data }) => seen.resyncs.push(JSON.parse(data).reason));
  return seen;
}

/** When readers saw each position: an instant after it, and before the next one. */
const seenAt = new Map<number, string>();
beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl, at('08:00'));
  reader = await listeningReader(database.databaseUrl);
  for (const [clock, ...events] of posts) {
    newsroom.recorded = at(clock);
    const position = await newsroom.post(stream, ...events);
    await sleep(5);
    seenAt.set(position, new Date().toISOString());
    await sleep(5);
  }
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

describe('a story with amendments and key points, at ten instants', () => {
  it.each(answers)('at %s, on every clock', async (clock, position, title, known, happened) => {
    expect(await answer({ position })).toEqual([title, known]);
    expect(await answer({ knownAt: at(clock) })).toEqual([title, known]);
    expect(await answer({ visibleAt: seenAt.get(position)! })).toEqual([title, known]);
    expect(await answer({ happenedBy: at(clock) })).toEqual([title, happened]);
  });

  it('at the present position, the answer equals that about the present', async () => {
    const { asOf, ...then } = await story({ position: newsroom.position });
    expect(asOf!.position).toBe(newsroom.position);
    expect(then).toEqual(await story());
  });

  it('the time machine shows the points then, and which differ now', async () => {
    const [point, item] = [/<li[^>]*data-first[^>]*data-mark[^>]*>.*?<ul>/gs, /<li><span class="mark[^>]*>.*?<\/li>/gs];
    const words = (html: string) =>
      html
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
    const machine = async (query: string) => {
      const page = await text(`/s/march/history?${query}`);
      const marked = [...page.matchAll(point)].map(([li]) => `${words(li)} (${/data-mark="([^"]*)/.exec(li)![1]})`);
      const listed = page.slice(page.indexOf('class="differences"'));
      return [
        marked,
        [...listed.matchAll(item)].map(([li]) => words(li)).filter(said => said.includes('What we know')),
      ];
    };
    expect(await machine('position=7')).toEqual([
      ['The road is closed. (Dropped since)', 'A march is on. (Changed since)'],
      [
        'Changed since What we know: The march is over.',
        'Added since What we know: Cleaners are at work.',
        'Dropped since What we know: The road is closed.',
      ],
    ]);
    const struck = `clock=known&at=${at('09:45')}&with=${at('10:15')}`;
    expect(await machine(struck)).toEqual([
      ['The road is closed. (Struck since)'],
      ['Struck since What we know: The road is closed.'],
    ]);
    const page = words(await text('/s/march/history?position=10'));
    expect(page).toMatch(/What we know Retracted .* The road is closed\. .* A march is on\. .* The timeline then/);
  });

  it('says when a point came, when it changed, and why it is struck', async () => {
    const [struck, kept] = (await story({ position: 10 })).keyPoints;
    const why = { development: R, status: 'retracted', recorded: at('10:10') };
    expect(struck).toMatchObject({ text: road, first: 7, position: 7, struck: why, takedown: null });
    expect(struck!.cites).toEqual([{ development: R, title: 'Retracted: Police close the road', status: 'retracted' }]);
    expect(kept).toMatchObject({ text: on, first: 5, position: 5, struck: null });
    const [rewritten] = (await story()).keyPoints;
    expect(rewritten).toMatchObject({ text: over, first: 5, position: 11, recorded: at('10:20'), struck: null });
  });

  it('reaches open pages with each change of the points, or of what they rest on', async () => {
    const open = following(3);
    await until(() => open.changes.length >= 11);
    open.close();
    const sent = open.changes.map(({ position, keyPoints }) => [position, keyPoints?.map(inShort)]);
    const now = ['The march is over. M', 'Cleaners are at work. E'];
    // Each change is sent as it is shown now. That of position 9 corrects what a point rests on; that of 10 concerns no present point.
    const changed = [5, 7, 9, 11, 13, 14];
    expect(sent).toEqual(open.changes.map(({ position }) => [position, changed.includes(position) ? now : undefined]));
  });
});

describe('what an open page gets', () => {
  it('is a point struck in the very change that retracts what it rests on', async () => {
    newsroom.recorded = undefined;
    const after = newsroom.position;
    const open = following(after);
    await newsroom.post(stream, retracted(E, 'Nobody came.'));
    await until(() => open.changes.length > 0);
    open.close();
    expect(open.changes).toMatchObject([{ acts: [{ act: 'DevelopmentRetracted', development: E }] }]);
    expect(open.changes[0]!.keyPoints!.map(inShort)).toEqual(['The march is over. M', '~Cleaners are at work. E']);
    const page = (await text('/s/march')).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(page).toMatch(/What we know The march is over\. .* Retracted .* Cleaners are at work\./);
  });
});

describe('the takedown', () => {
  const all = (to: number) => [
    ...['', ...Array.from({ length: to - 1 }, (_, n) => `?position=${n + 2}`)].map(moment => base + moment),
    ...[`${base}?happenedBy=${at('10:55')}`, `${base}?knownAt=${at('10:55')}`],
    ...[
      '/s/march',
      '/s/march/history',
      `${base}/changes`,
      `${base}/feed.atom`,
      `${base}/feed.json`,
      `${base}/feed.rss`,
    ],
  ];
  const inTables = async () => {
    const { rows } = await newsroom.pool.query(
      `select query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text as held
       from information_schema.tables where table_schema like 'build%' and table_type = 'BASE TABLE'`,
    );
    return rows.map(({ held }) => held).join();
  };

  it('of a point destroys its words everywhere, at every position, and leaves the others', async () => {
    const slander = randomUUID();
    ids.slander = slander;
    await newsroom.post(stream, written(slander, 'Ada is a slandered name.'), set([over, M], [slander, M]));
    await newsroom.post(stream, set([over, M]));
    await newsroom.post(stream, set([over, M], [slander, M]));
    const { position } = newsroom;
    const before = await Promise.all(all(position).map(text));
    expect(before.filter(found => found.includes('slandered')).length).toBeGreaterThan(4);
    expect(await inTables()).toContain('slandered');
    const { etag } = (await get(base).expect(200)).headers;
    const open = following(position);
    const data = { text: slander, ground: 'privacy', proposal: 'a'.repeat(64), as: 'legal', rules: 2 };
    await newsroom.post(stream, { type: 'TextShredded', data } as OpaqueEvent);
    await until(() => open.resyncs.length > 0);
    open.close();
    expect(open.resyncs).toEqual(['folded-anew']);
    await get(base).set('If-None-Match', etag!).expect(200);
    for (const path of all(newsroom.position))
      expect([path, await text(path)]).toEqual([path, expect.not.stringContaining('slandered')]);
    expect(await inTables()).not.toContain('slandered');
    const takedown = { ground: 'privacy', position: newsroom.position, recorded: expect.any(String) };
    expect((await story()).keyPoints).toMatchObject([
      { words: 'The march is over.', takedown: null },
      { text: slander, words: null, takedown },
    ]);
    expect((await text('/s/march')).replaceAll(/<[^>]*>/g, '')).toMatch(/Taken down \(to protect a person’s privacy\)/);
    const back = 'update dateline_keys.key set secret = $2, destroyed = null where development = $1';
    await newsroom.pool.query(back, [slander, secrets.get(slander)]);
    expect(await inTables()).not.toContain('slandered');
    await newsroom.replay();
    expect((await story()).keyPoints).toMatchObject([{ words: 'The march is over.' }, { words: null, takedown }]);
    expect(await inTables()).not.toContain('slandered');
  });

  it('of a development strikes the points that rest on it, at every position', async () => {
    const data = { development: M, ground: 'legal', proposal: 'a'.repeat(64) };
    await newsroom.post(stream, { type: 'ContentShredded', data } as OpaqueEvent);
    const [point] = (await story()).keyPoints;
    expect(point).toMatchObject({
      words: 'The march is over.',
      cites: [{ development: M, title: 'Taken down', status: 'taken-down' }],
      struck: { development: M, status: 'taken-down', recorded: expect.any(String) },
    });
    const struck = { development: M, recorded: point!.struck!.recorded };
    expect((await story({ position: 5 })).keyPoints).toMatchObject([{ struck }]);
    const then = (await text('/s/march/history?position=5')).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(then).toMatch(/What we know Taken down \d+ \w+ \d{4}, \d\d:\d\d A march is on\./);
    expect(await text('/s/march')).not.toContain('The march begins');
  });
});
