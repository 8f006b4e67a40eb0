import { devToken, observeRequests } from '#platform';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import request from 'supertest';
import { DeskApp } from './desk-app.fixture.js';

let api: DeskApp;
beforeEach(() => {
  api = new DeskApp();
});
afterEach(() => api.close());

const ask = (path: string, headers: Record<string, string> = {}) =>
  request(api.app.getHttpServer()).get(path).set(headers);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const as = async (id: string) => bearer(await devToken(api.settings, { id, name: id, roles: ['editor'] }));

/** Whether Retry-After is this number of seconds, less the time since `began` (milliseconds since 1970). */
const isDue = (retryAfter: string | undefined, seconds: number, began: number) =>
  Number(retryAfter) <= seconds && Number(retryAfter) >= Math.floor(seconds - (Date.now() - began) / 1_000);

describe('the limit of requests from one address', () => {
  test('further requests get 429 with Retry-After on every path, except health', async () => {
    // The request that opened the story counts.
    api.bounds = { REQUESTS_PER_MINUTE: 4 };
    const began = Date.now();
    await api.open();
    const statuses = [];
    for (const path of ['/me', '/docs-json', '/nowhere', '/me', '/docs-json', '/stories/%FF'])
      statuses.push((await ask(path, bearer(api.token))).status);
    expect(statuses).toEqual([200, 200, 404, 429, 429, 400]);
    const refused = await ask('/desk');
    expect([refused.status, refused.type]).toEqual([429, 'text/html']);
    expect(isDue(refused.headers['retry-after'], 15, began)).toBe(true);
    expect((await ask('/me')).body).toMatchObject({ code: 'too-many-requests', retryAfter: expect.any(Number) });
    expect((await ask('/health/live')).status).toBe(200);
    const posted = await api.post('/stories/count/close');
    expect(posted.status).toBe(429);
  });

  test('X-Forwarded-For does not change the address without a trusted proxy', async () => {
    api.bounds = { REQUESTS_PER_MINUTE: 2 };
    await api.open();
    const from = (address: string) => ask('/nowhere', { 'X-Forwarded-For': address });
    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([404, 429]);
  });

  test('behind a trusted proxy, the address that it names counts', async () => {
    api.bounds = { REQUESTS_PER_MINUTE: 2, TRUSTED_PROXIES: ['loopback'] };
    await api.open();
    const from = async (address: string) => (await ask('/nowhere', { 'X-Forwarded-For': address })).status;
    expect(await Promise.all([from('192.0.2.1'), from('192.0.2.2'), from('192.0.2.1')])).toEqual([404, 404, 404]);
    expect([await from('192.0.2.1'), await from('192.0.2.3')]).toEqual([429, 404]);
  });
});

test('further commands of one person get 429 before the body is read, and another person’s do not', async () => {
  api.bounds = { WRITES_PER_MINUTE: 3 };
  const began = Date.now();
  await api.open();
  const close = (headers: Record<string, string>, body: string) =>
    request(api.app.getHttpServer())
      .post('/stories/count/close')
      .set({ ...headers, 'Content-Type': 'application/json' })
      .send(body);
  const ann = await as('ann');
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push((await close(ann, '{"nope":')).status);
  expect(statuses).toEqual([400, 400, 400, 429, 429]);
  expect(isDue((await close(ann, '{"nope":')).headers['retry-after'], 20, began)).toBe(true);
  expect((await close(await as('ben'), '{"nope":')).status).toBe(400);
  expect((await ask('/me', ann)).status).toBe(200);
});

test('after too many invalid tokens new ones are refused unchecked, and known ones still work', async () => {
  api.bounds = { FAILED_SIGN_INS_PER_MINUTE: 3 };
  await api.open();
  const ann = await as('ann');
  expect((await ask('/me', ann)).status).toBe(200);
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push((await ask('/me', bearer(`bad${n}`))).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  expect((await ask('/me', ann)).status).toBe(200);
  expect((await ask('/me')).status).toBe(401);
  // This token is not verified yet.
  expect((await ask('/me', await as('ben'))).status).toBe(429);
});

test('one person may send a limited number of commands to one story, and go on in another; others go on in the first', async () => {
  // The command that opens a story is not sent to one.
  api.bounds = { STORY_WRITES_PER_MINUTE: 3 };
  const registry = new Registry();
  await api.open(observeRequests(registry));
  const began = Date.now();
  const close = async (story: string, headers: Record<string, string>) =>
    request(api.app.getHttpServer()).post(`/stories/${story}/close`).set(headers).send({ nope: true });
  const ann = await as('ann');
  const statuses = [];
  for (let n = 0; n < 4; n++) statuses.push((await close('count', ann)).status);
  expect(statuses).toEqual([422, 422, 422, 429]);
  const refused = await close('count', ann);
  expect(isDue(refused.headers['retry-after'], 20, began)).toBe(true);
  expect(refused.body).toMatchObject({ code: 'too-many-requests', detail: expect.stringContaining('to this story') });
  expect((await close('other', ann)).status).toBe(422);
  expect((await close('count', await as('ben'))).status).toBe(422);
  const metrics = await registry.metrics();
  expect(metrics).toContain('dateline_refused_total{limit="story-writes"} 2');
  expect(metrics).toContain('dateline_refused_total{limit="writes"} 0');
});

test('the id of a story that is longer than any is not counted, and refused as it is', async () => {
  api.bounds = { STORY_WRITES_PER_MINUTE: 1 };
  await api.open();
  for (let n = 0; n < 3; n++) expect((await api.post(`/stories/${'a'.repeat(201)}/close`)).status).toBe(422);
});
