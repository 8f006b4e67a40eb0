import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { All, Controller, HttpCode, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { jsonOnly } from './json-only.js';
import { ProblemFilter } from './problem.js';

@Controller()
class Anything {
  @All()
  @HttpCode(204)
  answer() {}
}

let app: INestApplication;
beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [Anything] }).compile();
  app = module.createNestApplication({ bodyParser: false });
  app.use(jsonOnly);
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
});
afterAll(() => app.close());

const post = (type: string, body?: string) => {
  const posted = request(app.getHttpServer()).post('/').set('Content-Type', type);
  return body === undefined ? posted.set('Content-Length', '0') : posted.send(body);
};

test.each(['application/x-www-form-urlencoded', 'text/plain', 'nonsense'])(
  'a body sent as %s is asked for as JSON',
  async type => {
    const { status, body } = await post(type, '{"id":"x"}');
    expect([status, body.code, body.detail]).toEqual([
      415,
      'not-json',
      expect.stringMatching(/Content-Type: application\/json/),
    ]);
  },
);

test('JSON, and no body whatever its type, pass', async () => {
  expect((await post('application/json; charset=utf-8', '{}')).status).toBe(204);
  expect((await post('application/x-www-form-urlencoded')).status).toBe(204);
  expect((await request(app.getHttpServer()).get('/')).status).toBe(204);
});
