import { devToken, type Role } from '#platform';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { statement } from '../pages/posting.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
let document: OpenAPIObject;
let embargoed: string;

beforeAll(async () => {
  await api.open();
  document = SwaggerModule.createDocument(api.app, new DocumentBuilder().addBearerAuth().build());
  await api.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  const modality = { mode: 'conditional', conditions: [{ id: 'if-the-pope-dies', text: 'the pope dies' }] };
  const content = statement('mayor', 'Not yet', { modality });
  embargoed = (await api.post('/stories/count/developments', { content, embargo: {} })).body.development;
});
afterAll(() => api.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const tokenOf = (roles: Role[], seconds = 3_600, id = `t-${roles.join('-')}`) =>
  devToken(api.settings, { id, name: id, roles }, seconds / 3_600);

/** All routes of the API's document that need a token. */
const guarded = () =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { security?: object[] }>).flatMap(([method, { security }]) =>
      security?.length
        ? [
            [
              method,
              path
                .replace('{story}', 'count')
                .replace('{development}', embargoed)
                .replace(/\{\w+\}/g, 'x'),
            ] as const,
          ]
        : [],
    ),
  );

function ask(method: string, path: string, token?: string) {
  const asking = request(api.app.getHttpServer());
  const sent = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return asking[method as 'get'](path).set(sent);
}

describe('the routes that require a token', () => {
  test('no answer may be cached, whatever its status', async () => {
    const routes = guarded();
    expect(routes.length).toBeGreaterThan(35);
    // The auditor may read everything and change nothing.
    const [auditor, nothing] = await Promise.all([tokenOf(['auditor']), tokenOf([])]);
    for (const [method, path] of routes.filter(([, path]) => !path.endsWith('/feed')))
      for (const token of [undefined, 'a.b.c', nothing, auditor]) {
        const { status, headers } = await ask(method, path, token);
        expect([method, path, status, headers['cache-control']]).toEqual([method, path, status, 'no-store']);
      }
  });

  test('without a valid token the answer is 401, and without a role 403', async () => {
    const nothing = await tokenOf([]);
    for (const [method, path] of guarded()) {
      const statuses = [undefined, 'a.b.c', nothing].map(async token => (await ask(method, path, token)).status);
      expect([method, path, await Promise.all(statuses)]).toEqual([method, path, [401, 401, 403]]);
    }
  });
});

describe('health', () => {
  test('health has only counts', async () => {
    const { body } = await request(api.app.getHttpServer()).get('/health/ready');
    expect(body).toEqual({ status: 'ready', position: expect.any(Number), quarantined: 0, lateLifts: 0 });
  });
});

describe('the conditions of a development under embargo', () => {
  test('only editors and lawyers see them', async () => {
    const conditions = async (role: Role) => {
      const { body } = await ask('get', '/stories/count/developments', await tokenOf([role]));
      return body.developments.find(({ id }: { id: string }) => id === embargoed).conditions;
    };
    expect(await conditions('editor')).toEqual(['if-the-pope-dies']);
    expect(await conditions('legal')).toEqual(['if-the-pope-dies']);
    expect(await conditions('reporter')).toEqual([]);
    expect(await conditions('auditor')).toEqual([]);
  });
});

describe('the process’s own log', () => {
  test('it names who asked for the words of a development under embargo, and the outcome', async () => {
    const logged = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const path = (development: string) => `/stories/count/developments/${development}/content`;
    await ask('get', path(embargoed), await tokenOf(['legal'], 60, 'lea'));
    const other = 'ffffffff-0000-4000-8000-000000000000';
    await ask('get', path(other), await tokenOf(['editor'], 60, 'ann'));
    expect(logged.mock.calls).toEqual([
      [{ by: 'lea', story: 'count', development: embargoed, got: 'content' }, 'embargoed content read'],
      [{ by: 'ann', story: 'count', development: other, got: 'unknown-development' }, 'embargoed content read'],
    ]);
  });
});

describe('an open feed', () => {
  /** The events of a feed until it ends; undefined if it does not end in time. */
  async function until(ends: number, token: string, meanwhile: () => Promise<unknown>): Promise<string | undefined> {
    const response = await fetch(`${await api.app.getUrl()}/stories/count/feed`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ends),
    });
    await meanwhile();
    return response.text().catch(() => undefined);
  }

  test('it ends when the token expires, and sends nothing afterwards', async () => {
    const text = await until(30_000, await tokenOf(['editor'], 5), async () => {
      await sleep(5_500);
      expect((await api.post('/stories/count/close', {})).status).toBe(201);
      await api.post('/stories/count/reopen', {});
    });
    expect(text).toMatch(/^event: hello/);
    expect(text).toContain('event: signed-out');
    expect(text).not.toContain('StoryClosed');
  }, 60_000);

  test('it ends when the person’s access is revoked, and sends nothing afterwards', async () => {
    const token = await tokenOf(['editor'], 3_600, 'eve');
    const text = await until(30_000, token, async () => {
      writeFileSync(api.revoked, '{"eve": null}');
      await sleep(1_100);
      expect((await api.post('/stories/count/close', {})).status).toBe(201);
    });
    expect(text).toContain('event: signed-out');
    expect(text).not.toContain('StoryClosed');
    expect((await ask('get', '/me', token)).status).toBe(401);
    await api.post('/stories/count/reopen', {});
  }, 60_000);
});
