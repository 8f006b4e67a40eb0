import { Change, OneStory } from '#contract';
import { storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { listeningReader, meeting, recorded, secrets, TestNewsroom, until } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const stream = storyStream('talks');
const base = '/stories/talks';
const texts = Array.from({ length: 3 }, () => randomUUID()) as [string, string, string];
const header = (type: string, text: string, title: string, more: object = {}) =>
  ({ type, data: { text, zone: 'UTC', language: 'en', told: { title, ...more } } }) as OpaqueEvent;
const shredded = (text: string) =>
  ({
    type: 'TextShredded',
    data: { text, ground: 'privacy', proposal: 'a'.repeat(64), as: 'legal', rules: 2 },
  }) as OpaqueEvent;

const get = (path: string) => request(reader.url).get(path).redirects(2);
const text = async (path: string) => (await get(path).expect(200)).text;
const story = async (moment = '') => OneStory.parse((await get(base + moment).expect(200)).body);
const titleAt = async (position: number) => (await story(`?position=${position}`)).title;
const everywhere = () => [
  ...['', ...[2, 3, 4, 5, 6, 7].map(position => `?position=${position}`)].map(moment => base + moment),
  ...[
    '/s/talks',
    '/s/talks/history',
    `${base}/feed.atom`,
    `${base}/feed.json`,
    `${base}/feed.rss`,
    `${base}/changes`,
    '/stories',
    '/s',
    '/news-sitemap.xml',
    '/s/talks/embed',
  ],
  `/s/talks/d/${said}`,
];
const said = randomUUID();

function following(after: number) {
  const source = new EventSource(`${reader.url}${base}/live?after=${after}`);
  const seen = { changes: [] as Change[], resyncs: [] as string[], close: () => source.close() };
  source.addEventListener('change', ({ data }) => seen.changes.push(Change.parse(JSON.parse(data))));
  source.addEventListener('resync', ({ data }) => seen.resyncs.push(JSON.parse(data).reason));
  return seen;
}

let before: string[];
let amendedAt: string;
beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.post(stream, header('StoryOpenedSealed', texts[0], 'The talks begin', { summary: 'They sit down.' }));
  await newsroom.post(stream, recorded(said, meeting(['ada'], { headline: 'At nine' })));
  await sleep(5);
  const slander = { summary: 'Slander below.', reason: 'A slander of a reason.' };
  await newsroom.post(stream, header('StoryAmended', texts[1], 'Ada is a slandered name', slander));
  amendedAt = new Date().toISOString();
  await sleep(5);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

describe('a story whose header was amended', () => {
  it('has the new title wherever it is listed, shown or sent', async () => {
    const title = 'Ada is a slandered name';
    for (const path of [
      base,
      '/stories',
      '/s',
      '/s/talks',
      `/s/talks/d/${said}`,
      `${base}/feed.atom`,
      `${base}/feed.json`,
    ])
      expect([path, await text(path)]).toEqual([path, expect.stringContaining(title)]);
    const page = await text('/s/talks');
    const jsonLd = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)![1]!);
    const { recorded: modified } = await story();
    expect(jsonLd).toMatchObject({ headline: title, description: 'Slander below.', dateModified: modified });
    expect(await text('/sitemap.xml')).toContain(modified);
    expect(await text(`${base}/feed.atom`)).toContain(`<updated>${modified}</updated>`);
  });

  it('lists every version of its header, with what it was, by whom and why', async () => {
    expect((await story()).headers).toMatchObject([
      {
        text: texts[1],
        title: 'Ada is a slandered name',
        position: 4,
        by: 'Test Editor',
        reason: 'A slander of a reason.',
      },
      {
        text: texts[0],
        title: 'The talks begin',
        summary: 'They sit down.',
        position: 2,
        reason: null,
        takedown: null,
      },
    ]);
    const page = (await text('/s/talks')).replaceAll(/<[^>]*>/g, ' ');
    expect(page).toMatch(/Headline changed .*It said\s+The talks begin\s+They sit down\./s);
  });

  it('shows the header of the time on every clock', async () => {
    expect([await titleAt(2), await titleAt(3), await titleAt(4)]).toEqual([
      'The talks begin',
      'The talks begin',
      'Ada is a slandered name',
    ]);
    const { headers, asOf } = await story('?position=3');
    expect([headers.length, asOf!.position]).toEqual([1, 3]);
    const [opened, amended] = (await story()).headers.map(({ recorded: at }) => at).toReversed() as [string, string];
    for (const clock of ['knownAt', 'happenedBy']) {
      expect((await story(`?${clock}=${opened}`)).title).toBe('The talks begin');
      expect((await story(`?${clock}=${amended}`)).title).toBe('Ada is a slandered name');
    }
    expect((await story(`?visibleAt=${amendedAt}`)).title).toBe('Ada is a slandered name');
  });

  it('sends the new header to pages that are open', async () => {
    const open = following(3);
    await until(() => open.changes.length > 0);
    open.close();
    expect(open.changes).toMatchObject([
      {
        acts: [{ act: 'StoryAmended' }],
        entries: [],
        headers: [{ title: 'Ada is a slandered name' }, { text: texts[0] }],
      },
    ]);
  });
});

describe('the takedown of its header', () => {
  let open: ReturnType<typeof following>;
  beforeAll(async () => {
    before = await Promise.all(
      everywhere()
        .filter(path => !/=[567]/.test(path))
        .map(text),
    );
    open = following(4);
    await newsroom.post(stream, shredded(texts[1]));
    await until(() => open.resyncs.length > 0);
  });
  afterAll(() => open?.close());

  it('removes its words from every answer, page and feed, at every position', async () => {
    expect(before.filter(answer => /slander/i.test(answer)).length).toBeGreaterThan(6);
    for (const path of everywhere().filter(each => !/=[67]/.test(each)))
      expect([path, await text(path)]).toEqual([path, expect.not.stringMatching(/slander/i)]);
    expect(open.resyncs).toEqual(['folded-anew']);
    expect(JSON.stringify(open.changes)).not.toMatch(/slander/i);
  });

  it('leaves a neutral title until somebody writes another one', async () => {
    expect(await story()).toMatchObject({ title: 'Live coverage', summary: null });
    expect(await titleAt(4)).toBe('Live coverage');
    expect(await text('/s/talks')).toContain('<h1>Live coverage</h1>');
    await newsroom.post(stream, header('StoryAmended', texts[2], 'The talks go on', { reason: 'To go on.' }));
    expect((await story()).title).toBe('The talks go on');
    expect(await titleAt(5)).toBe('Live coverage');
  });

  it('leaves its place in the list of versions, with the ground', async () => {
    const takedown = { ground: 'privacy', position: 5, recorded: expect.any(String) };
    expect((await story()).headers).toMatchObject([
      { title: 'The talks go on', reason: 'To go on.' },
      { text: texts[1], title: null, summary: null, reason: null, position: 4, takedown },
      { title: 'The talks begin' },
    ]);
    const page = (await text('/s/talks')).replaceAll(/<[^>]*>/g, ' ');
    expect(page).toMatch(/Taken down \(to protect a person’s privacy\)/);
  });

  it('stays when its key comes back, as with a backup', async () => {
    const back = 'update dateline_keys.key set secret = $2, destroyed = null where development = $1';
    await newsroom.pool.query(back, [texts[1], secrets.get(texts[1])]);
    for (const path of everywhere().filter(each => !/=7/.test(each))) expect(await text(path)).not.toMatch(/slander/i);
  });
});

describe('a story that goes on in another one', () => {
  it('its page shows the other story’s title, as readers have it now', async () => {
    const [day, night] = [storyStream('day'), storyStream('night')];
    const sentence = async () =>
      /id="continues"[^>]*>.*?<\/p>/s.exec(await text('/s/day'))![0].replaceAll(/<[^>]*>/g, '');
    await newsroom.post(day, header('StoryOpenedSealed', randomUUID(), 'The day'));
    const closing = { text: randomUUID(), ended: '2026-03-01T18:00:00.000Z', continues: 'night', told: {} };
    await newsroom.post(day, { type: 'StoryClosedSealed', data: closing } as OpaqueEvent);
    expect(await sentence()).toMatch(/another story\s*$/);
    const version = randomUUID();
    await newsroom.post(night, header('StoryOpenedSealed', randomUUID(), 'The night'));
    expect(await sentence()).toMatch(/another story\s*:\s*The night$/);
    await newsroom.post(night, header('StoryAmended', version, 'A slander <b>by night</b>', { reason: 'It is late.' }));
    expect(await sentence()).toContain('A slander &lt;b>by night&lt;/b>');
    await newsroom.post(night, shredded(version));
    expect(await sentence()).toMatch(/another story\s*$/);
  });
});
