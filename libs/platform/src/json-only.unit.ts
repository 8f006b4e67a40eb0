import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { jsonOnly } from './json-only.js';
import type { Problem } from './problem.js';

const app = express()
  .use(jsonOnly)
  .use((_request: express.Request, response: express.Response) => void response.sendStatus(204))
  .use(
    (error: Problem, _request: express.Request, response: express.Response, _next: express.NextFunction) =>
      void response.status(error.details.status).send(error.details),
  );

test.each(['application/x-www-form-urlencoded', 'text/plain', ''])(
  'a body sent as %j is asked for as JSON',
  async type => {
    const { status, body } = await request(app).post('/').set('Content-Type', type).send('{"id":"x"}');
    expect([status, body.detail]).toEqual([415, expect.stringMatching(/Content-Type: application\/json/)]);
  },
);

test('JSON, and no body whatever its type, pass', async () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await request(app).post('/').send({ id: 'x' })).status).toBe(204);
  expect((await request(app).post('/').set('Content-Type', 'application/json; charset=utf-8').send('{}')).status).toBe(
    204,
  );
  expect((await request(app).post('/').set(form).set('Content-Length', '0')).status).toBe(204);
  expect((await request(app).get('/')).status).toBe(204);
});
