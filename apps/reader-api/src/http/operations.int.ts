import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { operationsOf, refusalsOf, type Refused } from '../../../../test/harness/operations.js';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

let database: Awaited<ReturnType<typeof TestNewsroom.database>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;
const development = randomUUID();

beforeAll(async () => {
  database = await TestNewsroom.database();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  reader = await listeningReader(database.databaseUrl);
  await newsroom.register('ada-berg', 'Ada Berg');
  await newsroom.openStory('harbour');
  await newsroom.post('story:harbour', recorded(development, meeting(['ada-berg'])));
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const send = ({ method, path, headers = {}, body }: Refused) => {
  const asked = request(reader.url)[method.toLowerCase() as 'get'](path);
  return asked
    .set(headers)
    .serialize(sent => sent as unknown as string)
    .send(body);
};

test('every operation of the OpenAPI document refuses input that it does not describe', async () => {
  const operations = operationsOf((await request(reader.url).get('/docs-json')).body);
  expect(operations.length).toBeGreaterThan(12);
  const amiss: string[] = [];
  const values = {
    story: 'harbour',
    actor: 'ada-berg',
    development,
    q: 'harbour',
    url: `${reader.url}/s/harbour`,
    name: 'a'.repeat(64),
  };
  for (const operation of operations)
    for (const refused of refusalsOf(operation, values)) {
      const { status, body, headers } = await send(refused);
      const field = body.errors?.[0]?.field;
      const allowed = refused.status === 405 ? headers.allow?.includes(operation.method) : true;
      if (![refused.status].flat().includes(status) || (refused.field && field !== refused.field) || !allowed)
        amiss.push(
          `${operation.method} ${operation.path}: ${refused.what} is answered with ${status} ${JSON.stringify(body)}`,
        );
    }
  expect(amiss).toEqual([]);
});

test('invalid UTF-8 in an address and an unsupported method give HTML for pages and JSON for the API', async () => {
  for (const path of ['/s/%FF', '/s/harbour/d/%C3'])
    expect(await request(reader.url).get(path)).toMatchObject({ status: 400, type: 'text/html' });
  expect(await request(reader.url).get('/stories/%FF')).toMatchObject({
    status: 400,
    type: 'application/problem+json',
  });
  const page = await request(reader.url).post('/s/harbour');
  expect([page.status, page.type, page.headers.allow]).toEqual([405, 'text/html', 'GET, HEAD, OPTIONS']);
  expect((await request(reader.url).options('/s/harbour')).headers.allow).toBe('GET, HEAD, OPTIONS');
  expect((await request(reader.url).get('/s/a/b/c/d')).type).toBe('text/html');
});

test('a development is found by its id in upper and in lower case', async () => {
  const upper = development.toUpperCase();
  for (const path of ['/stories/harbour/timeline/', '/s/harbour/d/'])
    expect((await request(reader.url).get(path + upper)).status).toBe(200);
});

test('the root redirects to the list of stories, and the favicon is answered', async () => {
  expect(await request(reader.url).get('/')).toMatchObject({ status: 302, headers: { location: '/s' } });
  expect((await request(reader.url).get('/favicon.ico')).status).toBe(204);
});

test('a 304 has the same Vary header as the page', async () => {
  const page = await request(reader.url).get('/s/harbour');
  const held = await request(reader.url).get('/s/harbour').set('If-None-Match', page.headers.etag!);
  expect([held.status, held.headers.vary]).toEqual([304, page.headers.vary]);
});
