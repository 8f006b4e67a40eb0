import { ActorState, Change, OneEntry } from '#contract';
import { storyStream, type Content, type OpaqueEvent } from '#domain';
import { outlined } from '#keys';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listeningReader, recorded, secrets, takenDown, TestNewsroom } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.empty>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let story: string;

beforeAll(async () => {
  database = await TestNewsroom.empty();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada-berg', 'Ada Berg');
  reader = await listeningReader(database.databaseUrl);
});
afterAll(async () => {
  await reader.close();
  await newsroom.close();
  await database.drop();
});
beforeEach(() => newsroom.openStory((story = `story-${randomUUID()}`)));

const post = (...events: OpaqueEvent[]) => newsroom.post(storyStream(story), ...events);
const get = async (path: string) => {
  const answer = await fetch(`${reader.url}/stories/${story}${path}`);
  return { status: answer.status, text: await answer.text() };
};
const json = async (path: string) => JSON.parse((await get(path)).text);

const update: Content = {
  kind: 'update',
  headline: 'Ada Berg is at the harbour',
  body: 'Ada Berg is at the **harbour**.',
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
};
const told = { kind: 'arrival', data: { actors: ['ada-berg'], place: 'the harbour' } };
const classified = (development: string): OpaqueEvent => ({
  type: 'DevelopmentClassified',
  data: { development, outline: outlined({ ...update, ...told }, secrets.get(development)), told },
});

test('a classification gives an update its kind and actors, and no correction or other words', async () => {
  const development = randomUUID();
  const before = await post(recorded(development, update));
  const { entry: was } = OneEntry.parse(await json(`/timeline/${development}`));
  const after = await post(classified(development));
  const { entry, body } = OneEntry.parse(await json(`/timeline/${development}`));
  const { kind, data } = told;
  expect(entry).toEqual({ ...was, kind, data, actors: [{ id: 'ada-berg', name: 'Ada Berg' }], changed: after });
  expect([body, entry.corrections, entry.title]).toEqual([update.body, [], 'Ada Berg is at the harbour']);

  const state = ActorState.parse(await json('/actors/ada-berg'));
  expect(state.cells).toMatchObject([{ facet: 'presence', current: { development, kind: 'arrival' } }]);
  expect((await json(`/actors/ada-berg?position=${before}`)).cells).toEqual([]);
  expect((await json(`/timeline/${development}?position=${before}`)).entry).toEqual(was);

  const { changes } = await json(`/changes?after=${before}`);
  expect(Change.parse(changes[0])).toMatchObject({
    acts: [{ act: 'DevelopmentClassified', development }],
    entries: [entry],
  });
  expect((await json(`/timeline/${development}/history`)).corrections).toEqual([]);
  const feed = (await get('/feed.atom')).text;
  expect(feed).toContain('term="arrival"');
  for (const text of [feed, (await get('/feed.json')).text]) expect(text).not.toMatch(/Corrected/);
  const page = await (await fetch(`${reader.url}/s/${story}`)).text();
  expect(page).toContain('k-arrival');
  expect(page).not.toMatch(/class="correction"|CorrectionComment/);
});

test('a takedown removes the data of a classification too', async () => {
  const development = randomUUID();
  await post(recorded(development, update));
  const position = await post(classified(development));
  await post(...takenDown(development));
  const { build } = newsroom;
  const { rows } = await newsroom.pool.query<{ row: object }>(
    ['timeline_versions', 'timeline_change', 'shown_commit', 'actor_citation_versions', 'actor_mark_versions']
      .map(table => `select to_jsonb(held) as row from ${build}.${table} held where story = $1`)
      .join(' union all '),
    [story],
  );
  expect(rows.length).toBeGreaterThan(4);
  expect(JSON.stringify(rows)).not.toMatch(/harbour|ada-berg/);
  expect((await json('/actors/ada-berg')).cells).toEqual([]);
  expect((await json(`/timeline/${development}?position=${position}`)).entry.data).toBeNull();
});
