import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lookedThrough } from '../../apps/editor-api/src/reads/developments.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { get, post } = api;

beforeAll(async () => {
  await api.open();
  await post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person', aliases: ['Mayer'] });
});
afterAll(() => api.close());

const of = (development: string) => `/stories/count/developments/${development}`;
const posted = async (body: string, more: object = {}): Promise<string> =>
  (await post('/stories/count/developments', { content: { kind: 'update', body }, ...more })).body.development;
const arrival = { kind: 'arrival', data: { actors: ['Mayer'], place: 'the harbour' } };
const waiting = async (path = '/stories/count/unclassified') => (await get(path)).body;

describe('a plain update', () => {
  test('it is listed as unclassified, newest first, until it is classified or retracted', async () => {
    const first = await posted('She is at the harbour.');
    const second = await posted('The last bus has left.');
    const ids = async () => (await waiting()).developments.map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual([second, first]);
    const { status, body } = await post(`${of(first)}/classify`, arrival);
    expect([status, body.events]).toEqual([201, [{ type: 'DevelopmentClassified', development: first }]]);
    expect(await ids()).toEqual([second]);
    await post(`${of(second)}/retract`, { reason: 'It has not.' });
    expect(await ids()).toEqual([]);
  });

  test('it is classified once: repeating changes nothing, and another classification is refused', async () => {
    const development = await posted('She is at the harbour again.');
    expect((await post(`${of(development)}/classify`, arrival)).status).toBe(201);
    expect((await post(`${of(development)}/classify`, arrival)).body.status).toBe('already-so');
    const other = { ...arrival, data: { ...arrival.data, place: 'the town hall' } };
    expect(await post(`${of(development)}/classify`, other)).toMatchObject({
      status: 409,
      body: { code: 'already-classified', detail: expect.stringContaining('Correct it instead') },
    });
  });

  test('a classification with unknown actors, of kind update, or with other words is refused', async () => {
    const development = await posted('Somebody is at the harbour.');
    const refused = async (body: object) => {
      const answer = await post(`${of(development)}/classify`, body);
      return [answer.status, answer.body.errors?.[0]?.field];
    };
    expect(await refused({ ...arrival, data: { ...arrival.data, actors: ['Nobody'] } })).toEqual([
      422,
      'data.actors.0',
    ]);
    expect(await refused({ kind: 'update', data: {} })).toEqual([422, 'kind']);
    expect(await refused({ ...arrival, headline: 'Other words' })).toEqual([422, 'headline']);
    expect(await refused({ kind: 'arrival' })).toEqual([422, 'data']);
    expect((await waiting()).developments[0].id).toBe(development);
  });

  test('a classification whose kind does not allow the modality is refused, with the advice to correct', async () => {
    const content = { kind: 'update', body: 'They may fail.', modality: { mode: 'denied' } };
    const { body } = await post('/stories/count/developments', { content });
    const scenario = { kind: 'scenario', data: { outcome: 'They fail' } };
    const { kinds } = (await get('/catalogue')).body;
    const { modes } = kinds.find(({ kind }: { kind: string }) => kind === 'scenario');
    expect(modes).not.toContain('denied');
    const answer = await post(`${of(body.development)}/classify`, scenario);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'kind' }] } });
    expect(answer.body.detail).toContain('Correct the development instead');
  });

  test('an update under embargo can be classified, and the desk reads its new content', async () => {
    const development = await posted('She will be at the harbour.', { embargo: {} });
    const { body } = await post(`${of(development)}/classify`, arrival);
    const read = (await get(`${of(development)}/content`)).body;
    expect(read).toMatchObject({
      position: body.position,
      content: {
        kind: 'arrival',
        data: { actors: ['mayor'], place: 'the harbour' },
        headline: 'She will be at the harbour',
        body: 'She will be at the harbour.',
      },
    });
    await post(`${of(development)}/correct`, { content: read.content, wrong: 'Nothing.', reason: 'A test.' });
    expect((await get(`${of(development)}/content`)).body).toEqual(read);
  });

  test('after it is classified, a correction compares with its whole content', async () => {
    const development = await posted('She came.');
    await post(`${of(development)}/classify`, arrival);
    const said = { headline: 'She came', body: 'She came.', byline: [{ name: 'Ed' }] };
    const content = { ...arrival, ...said, ...unsaid };
    const same = await post(`${of(development)}/correct`, { content, wrong: 'Nothing.', reason: 'A test.' });
    expect(same.body.status).toBe('already-so');
  });
});
const unsaid = {
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
};

test('the list of unclassified updates has pages', async () => {
  await post('/stories', { id: 'long', title: 'Long', zone: 'UTC' });
  const path = '/stories/long/developments';
  const ids: string[] = [];
  for (let i = 0; i < 5; i++)
    ids.push((await post(path, { content: { kind: 'update', body: `No. ${i}` } })).body.development);
  const found: string[] = [];
  for (let next: string | null = '/stories/long/unclassified?limit=2'; next;) {
    const page: { developments: { id: string }[]; next: string | null } = await waiting(next);
    expect(page.developments.length).toBeLessThanOrEqual(2);
    found.push(...page.developments.map(({ id }) => id));
    next = page.next;
  }
  expect(found).toEqual(ids.toReversed());
  expect(lookedThrough).toBe(2_000);
  expect((await get('/stories/none/unclassified')).status).toBe(404);
});
