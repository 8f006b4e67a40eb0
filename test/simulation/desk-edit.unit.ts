import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { get, post } = api;
beforeAll(() => api.open());
afterAll(() => api.close());

const path = '/stories/count/developments';
const posted = async (body: string, more: object = {}): Promise<string> =>
  (await post(path, { content: { kind: 'update', body }, ...more })).body.development;

test('a slip of the pen is mended without a sentence to readers, once', async () => {
  const development = await posted('The goverment has resigned.');
  const sent = { body: 'The government has resigned.' };
  const { status, body } = await post(`${path}/${development}/edit`, sent);
  expect([status, body.events]).toEqual([201, [{ type: 'DevelopmentCopyEdited', development }]]);
  expect((await post(`${path}/${development}/edit`, sent)).body.status).toBe('already-so');
});

test('what says something else is refused, with the field, the word and what to do', async () => {
  const development = await posted('Talks with Iran go on.');
  const answer = await post(`${path}/${development}/edit`, { body: 'Talks with Iraq go on.' });
  expect(answer).toMatchObject({ status: 422, body: { code: 'not-minor', errors: [{ field: 'body' }] } });
  expect(answer.body.detail).toContain(
    '“Iran” may be a name, so this is not a minor edit. Correct the development instead.',
  );
  expect((await post(`${path}/${development}/edit`, {})).status).toBe(422);
});

test('edits, corrections and classifications each build on the content before them', async () => {
  const development = await posted('The mayor has arived.', { embargo: {} });
  await post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  const on = (act: string, body: object) => post(`${path}/${development}/${act}`, body);
  const read = async () => (await get(`${path}/${development}/content`)).body.content;
  expect((await on('edit', { body: 'The mayor has arrived.' })).status).toBe(201);
  const arrival = { kind: 'arrival', data: { actors: ['mayor'], place: 'the harbour' } };
  expect((await on('classify', arrival)).status).toBe(201);
  expect((await on('edit', { body: 'The mayor has arrived' })).status).toBe(201);
  const now = await read();
  expect(now).toMatchObject({ ...arrival, headline: 'The mayor has arrived', body: 'The mayor has arrived' });
  const corrected = { ...now, body: 'The mayor has left.' };
  expect((await on('correct', { content: corrected, wrong: 'All.', reason: 'Misheard.' })).status).toBe(201);
  expect((await on('edit', { body: 'The mayor has left' })).status).toBe(201);
  expect(await read()).toEqual({ ...corrected, body: 'The mayor has left' });
});
