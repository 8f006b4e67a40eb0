import { devToken } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { statement } from '../pages/posting.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { get, post } = api;

beforeAll(async () => {
  await api.open();
  await post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
});
afterAll(() => api.close());

const of = (development: string) => `/stories/count/developments/${development}`;
const record = async (quote: string, more: object = {}) =>
  (await post('/stories/count/developments', { content: statement('mayor', quote), ...more })).body;
const correct = (development: string, quote: string) =>
  post(`${of(development)}/correct`, { content: statement('mayor', quote), wrong: 'A word.', reason: 'Checked.' });

describe('the words of a development under embargo', () => {
  test('an editor gets the current words', async () => {
    const { development, position } = await record('Not yet', { embargo: {} });
    const answer = { content: statement('mayor', 'Not yet', { headline: 'The Mayor: “Not yet”' }), position };
    const first = await get(`${of(development)}/content`);
    expect(first).toMatchObject({ status: 200, body: answer, headers: { 'cache-control': 'no-store' } });
    const { body } = await correct(development, 'Not before noon');
    const second = await get(`${of(development)}/content`);
    expect(second.body).toEqual({
      content: statement('mayor', 'Not before noon', { headline: 'The Mayor: “Not before noon”' }),
      position: body.position,
    });
    await post(`${of(development)}/embargo`, { until: '2099-01-01T00:00:00Z' });
    expect((await get(`${of(development)}/content`)).body).toEqual(second.body);
  });

  test('no other role gets the words', async () => {
    const { development } = await record('For editors', { embargo: {} });
    const path = `${of(development)}/content`;
    expect((await request(api.app.getHttpServer()).get(path)).status).toBe(401);
    for (const role of ['reporter', 'auditor'] as const) {
      const token = await devToken(api.settings, { id: role, name: role, roles: [role] });
      const answer = await request(api.app.getHttpServer()).get(path).set('Authorization', `Bearer ${token}`);
      expect(answer).toMatchObject({ status: 403, body: { code: 'role-needed', allowed: ['editor', 'legal'] } });
      expect(answer.text).not.toContain('For editors');
    }
  });

  test('after the lift they are refused here, because the readers’ API has them', async () => {
    const { development } = await record('Any minute', { embargo: {} });
    await post(`${of(development)}/lift`);
    for (const after of [() => undefined, () => correct(development, 'Any moment')]) {
      await after();
      expect(await get(`${of(development)}/content`)).toMatchObject({ status: 409, body: { code: 'not-embargoed' } });
    }
    const { development: open } = await record('At once');
    expect((await get(`${of(open)}/content`)).body.code).toBe('not-embargoed');
  });

  test('readers count as up to date although they do not see the embargoed commits', async () => {
    const readable = async () => (await get('/stories/count')).body.readable;
    const { position: open } = await record('For all');
    const { development } = await record('For some', { embargo: {}, key: true });
    await correct(development, 'For a few');
    await post(`${of(development)}/embargo`, { until: '2099-01-01T00:00:00Z' });
    expect(await readable()).toBe(open);
    const { body: lifted } = await post(`${of(development)}/lift`);
    expect(await readable()).toBe(lifted.position);
    const { body: corrected } = await correct(development, 'For everybody');
    expect(await readable()).toBe(corrected.position);
    const { development: never } = await record('For nobody', { embargo: {} });
    await post(`${of(never)}/retract`, { reason: 'No.' });
    await post(`${of(never)}/lift`);
    expect(await readable()).toBe(corrected.position);
  });

  test('the words are unreadable after the key is destroyed', async () => {
    const { development } = await record('Never', { embargo: {} });
    await api.keys.destroy([development]);
    const answer = await get(`${of(development)}/content`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'development-taken-down' } });
    expect(answer.text).not.toContain('Never');
  });

  test('an unknown development gives 404', async () => {
    const none = 'ffffffff-0000-4000-8000-000000000000';
    expect(await get(`${of(none)}/content`)).toMatchObject({ status: 404, body: { code: 'unknown-development' } });
    expect(await get(`/stories/none/developments/${none}/content`)).toMatchObject({
      status: 404,
      body: { code: 'unknown-story' },
    });
  });
});
