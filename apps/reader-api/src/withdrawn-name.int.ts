import { Actor, type Change } from '#contract';
import { actorStream, storyStream, type OpaqueEvent } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { listeningReader, meeting, recorded, TestNewsroom, until } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

const [said, first, second, third] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];
const entry = (type: string, text: string, told: object) =>
  ({ type, data: { text, told: { aliases: [], ...told }, kind: 'person', affiliations: [] } }) as OpaqueEvent;
const base = '/stories/talks';
const get = (path: string) => request(reader.url).get(path).redirects(2);
const text = async (path: string) => (await get(path).expect(200)).text;
const moments = ['', ...[4, 5, 6].map(position => `?position=${position}`)];
const paths = [
  ...moments.flatMap(moment => [`${base}/timeline${moment}`, `${base}/actors${moment}`, `${base}/actors/ada${moment}`]),
  ...['/actors', '/actors/ada', '/s/talks', '/s/talks/actors/ada', '/s/talks/history', `/s/talks/d/${said}`],
  ...['/s/talks/embed', '/s/talks/actors/ada/embed', `/s/talks/d/${said}/embed`],
  ...[`${base}/feed.atom`, `${base}/feed.json`, `${base}/feed.rss`, `${base}/changes`],
];

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.openStory('talks');
  const words = { name: 'Slandered Name', aliases: ['Slandered Alias'], description: 'Slandered.', wikidata: 'Q4711' };
  await newsroom.post(actorStream('ada'), entry('ActorRegisteredSealed', first, words));
  await newsroom.post(storyStream('talks'), recorded(said, meeting(['ada'], { headline: 'At nine' })));
  await newsroom.post(actorStream('ada'), entry('ActorAmendedSealed', second, { ...words, name: 'Slandered Again' }));
  await sleep(5);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

describe('an actor whose entry was taken down', () => {
  it('is withdrawn in every answer, past ones too, and on open pages', async () => {
    expect(await text(`${base}/timeline?position=4`)).toContain('Slandered Name');
    expect(await text(`${base}/timeline`)).toContain('Slandered Again');
    const { position, rewrites } = (await get(`${base}/timeline`)).body;
    const source = new EventSource(`${reader.url}${base}/live?after=${position}&rewrites=${rewrites}`);
    const sent: string[] = [];
    for (const type of ['change', 'resync']) source.addEventListener(type, ({ data }) => sent.push(data));
    await new Promise(resolve => source.addEventListener('open', resolve, { once: true }));
    await newsroom.post(actorStream('ada'), {
      type: 'ActorShredded',
      data: { texts: [first, second], ground: 'privacy', proposal: 'a'.repeat(64), as: 'legal', rules: 2 },
    });
    for (const path of paths)
      expect([path, await text(path)]).toEqual([path, expect.not.stringMatching(/Slandered|Q4711/)]);
    for (const path of [`${base}/timeline`, `${base}/timeline?position=4`, `${base}/actors`, '/s/talks/actors/ada'])
      expect([path, await text(path)]).toEqual([path, expect.stringContaining('Name withdrawn')]);
    const shown = Actor.parse((await get('/actors/ada')).body);
    expect(shown).toMatchObject({ id: 'ada', name: 'Name withdrawn', takenDown: true, aliases: [], description: null });
    await until(() => sent.length > 0);
    source.close();
    // The page gets the entry with the neutral name, or loads the story again.
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.join('\n')).not.toMatch(/Slandered/);
    for (const ref of ['Slandered Name', 'Slandered Alias'])
      await get(`${base}/timeline?actor=${encodeURIComponent(ref)}`).expect(422);
  });

  it('is withdrawn on a page whose connection was lost meanwhile: it is asked to load the story', async () => {
    const { position } = (await get(`${base}/timeline`)).body as { position: number };
    const { body } = await fetch(`${reader.url}${base}/live`, { headers: { 'Last-Event-ID': String(position) } });
    let sent = '';
    for await (const part of body!.pipeThrough(new TextDecoderStream())) if ((sent += part).includes('\n\n')) break;
    expect(sent).toContain('"reason":"folded-anew"');
  });

  it('has the new name after an editor amends the entry, and none at the moments before', async () => {
    await newsroom.post(actorStream('ada'), entry('ActorAmendedSealed', third, { name: 'Ada Quist' }));
    expect(await text(`${base}/timeline`)).toContain('Ada Quist');
    expect((await get('/actors/ada')).body).not.toHaveProperty('takenDown');
    const then = (await get(`${base}/timeline?position=5`)).body as { entries: Change['entries'] };
    expect(JSON.stringify(then)).toContain('Name withdrawn');
  });

  it('is withdrawn after a replay too', async () => {
    await newsroom.replay();
    for (const path of paths)
      expect([path, await text(path)]).toEqual([path, expect.not.stringMatching(/Slandered|Q4711/)]);
  });
});
