import { httpApp } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { FetcherModule } from './fetcher.module.js';
import { fetcherSettings, schemas } from './settings.js';

const secret = 'a secret of at least 32 characters';
let site: Server;
let port: number;
let app: NestExpressApplication;
let asked: (string | undefined)[] = [];

const open = async (env: NodeJS.ProcessEnv) => {
  const settings = fetcherSettings({ FETCHER_SECRET: secret, LOG_LEVEL: 'silent', PORT: '0', ...env });
  const opened = await httpApp(FetcherModule.of(settings), { title: 't', description: 'd' }, settings);
  await opened.listen(0, '127.0.0.1');
  return opened;
};
const ask = (of: NestExpressApplication, url: unknown, authorization = `Bearer ${secret}`) =>
  request(of.getHttpServer()).post('/captures').set('Authorization', authorization).send({ url });

beforeAll(async () => {
  site = createServer((asking, answer) => {
    asked.push(asking.headers['user-agent']);
    answer.setHeader('content-type', 'text/html').end('<title>A page</title>');
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  port = (site.address() as AddressInfo).port;
  app = await open({ CAPTURE_NETWORKS: '127.0.0.0/8', CAPTURE_PORTS: `80,${port}`, CAPTURE_USER_AGENT: 'The Paper' });
});
afterAll(async () => {
  await app.close();
  site.close();
});

describe('the fetcher', () => {
  test('captures a page for who has the secret, and says who asks', async () => {
    asked = [];
    const { body, status } = await ask(app, `http://127.0.0.1:${port}/`);
    expect({ status, body }).toMatchObject({ status: 200, body: { title: 'A page', sources: ['html'] } });
    expect(asked).toEqual(['The Paper']);
  });

  test('asks nobody for who has not', async () => {
    asked = [];
    for (const wrong of ['', `Bearer ${secret}x`, `Bearer`, secret])
      await ask(app, `http://127.0.0.1:${port}/`, wrong).expect(401);
    await request(app.getHttpServer())
      .post('/captures')
      .send({ url: `http://127.0.0.1:${port}/` })
      .expect(401);
    expect(asked).toEqual([]);
  });

  test('a refusal is a problem with its code', async () => {
    const answer = await ask(app, 'http://10.0.0.1/');
    expect(answer).toMatchObject({ status: 422, body: { code: 'capture-private' } });
    await ask(app, 7).expect(422);
  });

  test('without settings it asks neither loopback nor other ports', async () => {
    const strict = await open({});
    asked = [];
    expect((await ask(strict, `http://127.0.0.1:${port}/`)).body.code).toBe('capture-port');
    expect((await ask(strict, 'http://127.0.0.1/')).body.code).toBe('capture-private');
    expect(asked).toEqual([]);
    await strict.close();
  });

  test('is alive and ready while it answers', async () => {
    for (const path of ['/health/live', '/health/ready']) await request(app.getHttpServer()).get(path).expect(200);
  });
});

describe('its settings', () => {
  test('name neither the log, nor Postgres, nor a key', () => {
    expect(Object.keys(schemas).filter(name => /KAFKA|DATABASE|KEY|JWT|JWKS|OIDC|LOG_TOPIC/.test(name))).toEqual([]);
  });

  test.each([
    ['no secret', { PORT: '0' }],
    ['a short secret', { FETCHER_SECRET: 'short' }],
    ['no ports', { FETCHER_SECRET: secret, CAPTURE_PORTS: 'all' }],
    ['no networks', { FETCHER_SECRET: secret, CAPTURE_NETWORKS: 'home' }],
    ['a user agent with a line break', { FETCHER_SECRET: secret, CAPTURE_USER_AGENT: 'a\nb' }],
  ])('%s: it does not start', (_, env) => {
    expect(() => fetcherSettings(env)).toThrow(/FETCHER_SECRET|CAPTURE_/);
  });
});
