import { acts } from '#domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fieldsOf } from '../../apps/desk/src/form-model/fields.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { get, post } = api;
beforeAll(() => api.open());
afterAll(() => api.close());

const newsroom = { sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } };
const official = { sourcing: { basis: 'official', standing: 'confirmed' }, modality: { mode: 'planned' } };
const update = { kind: 'update', body: 'The polls are open.' };
const path = '/stories/count/developments';
const posted = async (content: object) => {
  const { development } = (await post(path, { content, embargo: {} })).body;
  return (await get(`${path}/${development}/content`)).body.content;
};

test('a story’s posting defaults can be read and changed, and apply to later posts that omit these parts', async () => {
  expect((await get('/stories/count')).body.defaults).toEqual(newsroom);
  const { development: before } = (await post(path, { content: update, embargo: {} })).body;
  const { status, body } = await post('/stories/count/posting-defaults', official);
  expect([status, body.events]).toEqual([201, [{ type: 'PostingDefaultsSet' }]]);
  expect((await post('/stories/count/posting-defaults', official)).body.status).toBe('already-so');
  expect((await get('/stories/count')).body.defaults).toEqual(official);
  expect(await posted(update)).toMatchObject(official);
  expect(await posted({ ...update, modality: { mode: 'denied' } })).toMatchObject({
    ...official,
    modality: { mode: 'denied' },
  });
  expect((await get(`${path}/${before}/content`)).body.content).toMatchObject(newsroom);
});

test('a preview in a story uses the story’s defaults', async () => {
  await post('/stories/count/posting-defaults', official);
  const preview = async (more: object) => (await post('/preview', { content: update, ...more })).body.entry;
  expect(await preview({ story: 'count' })).toMatchObject({
    sourcing: official.sourcing,
    title: expect.stringMatching(/^Planned: /),
  });
  expect(await preview({})).toMatchObject({ sourcing: newsroom.sourcing });
});

test('a default basis that needs a named source is refused, and the desk’s form does not offer it', async () => {
  const wrong = { ...official, sourcing: { basis: 'anonymous', standing: 'reported' } };
  const { status, body } = await post('/stories/count/posting-defaults', wrong);
  expect([status, body.errors[0].field]).toEqual([422, 'sourcing.basis']);
  const act = (await get('/catalogue')).body.acts.find(
    (one: { act: string }) => one.act === acts.setPostingDefaults.route,
  );
  const [sourcing] = fieldsOf(act.body);
  const [basis] = sourcing?.type === 'group' ? sourcing.fields : [];
  expect(basis).toMatchObject({ type: 'choice', options: ['official', 'media-report', 'analyst', 'desk'] });
});
