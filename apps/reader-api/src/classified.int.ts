import { ActorState, Change, Edits, OneEntry } from '#contract';
import { storyStream, type Content, type OpaqueEvent } from '#domain';
import { outlined } from '#keys';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { listeningReader, meeting, recorded, secrets, takenDown, TestNewsroom } from './newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
let story: string;

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada-berg', 'Ada Berg');
  // Readers know only actors whom something names.
  await newsroom.openStory('elsewhere');
  await newsroom.post(storyStream('elsewhere'), recorded(randomUUID(), meeting(['ada-berg'])));
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

test('a minor edit changes the text, lets everybody read the former one, and is no correction', async () => {
  const development = randomUUID();
  const before = await post(recorded(development, update));
  const once = { headline: 'Ada Berg is at the harbor', body: 'Ada Berg is at the **harbor**.' };
  const edit = (content: Content, edited: { headline: string; body: string }): OpaqueEvent => ({
    type: 'DevelopmentCopyEdited',
    data: { development, outline: outlined({ ...content, ...edited }, secrets.get(development)), told: edited },
  });
  const first = await post(edit(update, once));
  const twice = { headline: 'Ada Berg is at the harbour', body: 'Ada Berg is at the **harbour**' };
  const second = await post(edit({ ...update, ...once }, twice));
  const { entry, body } = OneEntry.parse(await json(`/timeline/${development}`));
  expect([entry.headline, body, entry.corrections]).toEqual([twice.headline, twice.body, []]);
  expect(entry.edits.map(({ position }) => position)).toEqual([first, second]);
  expect((await json(`/timeline/${development}?position=${before}`)).entry).toMatchObject({
    headline: update.headline,
    edits: [],
  });

  const { edits, next } = Edits.parse(await json(`/timeline/${development}/edits`));
  expect([edits.map(({ was }) => was.headline), next]).toEqual([[once.headline, update.headline], null]);
  expect(edits[1]!.was.bodyHtml).toContain('<strong>harbour</strong>.');
  expect(Edits.parse(await json(`/timeline/${development}/edits?before=1`)).edits).toHaveLength(1);

  const { changes } = await json(`/changes?after=${first}`);
  expect(Change.parse(changes[0])).toMatchObject({ acts: [{ act: 'DevelopmentCopyEdited' }], entries: [entry] });
  const feed = (await get('/feed.atom')).text;
  expect(feed).toContain(`<updated>${entry.edits[1]!.recorded}</updated>`);
  for (const text of [feed, (await get('/feed.json')).text]) expect(text).not.toMatch(/Corrected|harbor\b/);
  const page = await (await fetch(`${reader.url}/s/${story}`)).text();
  expect(page).toMatch(/class="hint edited"><a [^>]*>Edited <time/);
  const own = await (await fetch(`${reader.url}/s/${story}/d/${development}`)).text();
  expect(own).toMatch(/<del>Ada Berg is at the harbor<\/del>/);
  expect(page + own).not.toMatch(/class="correction"|CorrectionComment/);

  await post(...takenDown(development));
  expect((await json(`/timeline/${development}/edits`)).edits).toEqual([]);
  const { rows } = await newsroom.pool.query<{ row: object }>(
    `select to_jsonb(held) as row from ${newsroom.build}.timeline_versions held where story = $1 union all
     select to_jsonb(held) from ${newsroom.build}.shown_commit held where story = $1`,
    [story],
  );
  expect(JSON.stringify(rows)).not.toMatch(/harbou?r/);
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
