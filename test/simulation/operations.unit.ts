import { devToken } from '#platform';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { operationsOf, refusalsOf, type Refused } from '../harness/operations.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
let token: string;

beforeAll(async () => {
  await api.open();
  token = await devToken(api.settings, { id: 'all', name: 'All', roles: ['reporter', 'editor', 'legal', 'auditor'] });
});
afterAll(() => api.close());

const values = {
  story: 'count',
  actor: 'ada',
  condition: 'rain',
  command: 'key',
  development: '11111111-1111-4111-8111-111111111111',
  text: '22222222-2222-4222-8222-222222222222',
  proposal: 'a'.repeat(64),
  machine: '33333333-3333-4333-8333-333333333333',
  // A public key: that of RFC 7515, appendix A.3.
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  upload: '44444444-4444-4444-8444-444444444444',
  part: '0',
  draft: 'desk-1',
  version: '1',
};

const send = ({ method, path, headers = {}, body, token: signed }: Refused) => {
  const asked = request(api.app.getHttpServer())[method.toLowerCase() as 'get'](path);
  return asked
    .set({ ...(signed === false ? {} : { Authorization: `Bearer ${token}` }), ...headers })
    .serialize(sent => sent as unknown as string)
    .send(body);
};

test('every operation of the OpenAPI document refuses input that it does not describe, and writes nothing', async () => {
  const operations = operationsOf((await request(api.app.getHttpServer()).get('/docs-json')).body);
  expect(operations.length).toBeGreaterThan(30);
  const before = api.log.records.length;
  const amiss: string[] = [];
  for (const operation of operations)
    for (const refused of refusalsOf(operation, values)) {
      const { status, body, headers } = await send(refused);
      const field = body.errors?.[0]?.field;
      const allowed = refused.status === 405 ? headers.allow?.includes(operation.method) : true;
      const asked = `${operation.method} ${operation.path}: ${refused.what}`;
      if (![refused.status].flat().includes(status) || (refused.field && field !== refused.field) || !allowed)
        amiss.push(`${asked} is answered with ${status} ${JSON.stringify(body)}`);
    }
  expect(amiss).toEqual([]);
  expect(api.log.records.length).toBe(before);
});

test.each([
  'count%2Fproposals%2Fabc%2Fapprove%3Fx%3D',
  'count%3Fx%3D',
  '..%2Fcount',
  'count%00',
  'Count',
  '%FF',
  'count/x',
])('the desk page of the invalid story %s is an error page without a script', async story => {
  const { status, text, headers } = await request(api.app.getHttpServer()).get(`/desk/${story}`);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(text).not.toContain('<script');
});
