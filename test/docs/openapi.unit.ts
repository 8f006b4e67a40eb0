import { metricsOf } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { validate } from '@scalar/openapi-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { ReaderModule } from '../../apps/reader-api/src/reader.module.js';
import { readerSettings } from '../../apps/reader-api/src/settings.js';
import { openApi } from '../../libs/platform/src/docs.js';
import { DeskApp } from '../simulation/desk-app.fixture.js';

const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });

/** Programs of foreign developers: they use only the generated client. */
const editorsProgram = `
import createClient from 'openapi-fetch';
import type { paths } from './editors.js';
const [baseUrl, token] = process.argv.slice(2) as [string, string];
const api = createClient<paths>({ baseUrl, headers: { Authorization: 'Bearer ' + token } });
const posted = await api.POST('/stories/{story}/developments', {
  params: { path: { story: 'count' }, header: { 'Idempotency-Key': 'stranger-1' } },
  body: {
    content: {
      kind: 'context',
      data: { topic: 'The count', summary: 'It goes on' },
      occurred: { precision: 'unknown' },
      sourcing: { basis: 'desk', standing: 'reported' },
      modality: { mode: 'asserted' },
    },
    embargo: { until: '2099-01-01T12:00:00+02:00' },
  },
});
if (posted.error || !('commit' in posted.data)) throw new Error(JSON.stringify(posted));
const development = posted.data.development!;
const changed = await api.POST('/stories/{story}/developments/{development}/embargo', {
  params: { path: { story: 'count', development } },
  body: {},
});
const refused = await api.POST('/stories/{story}/close', { params: { path: { story: 'nowhere' } }, body: {} });
console.log(JSON.stringify([posted.response.status, changed.response.status, refused.error?.code]));
`;
const readersProgram = `
import createClient from 'openapi-fetch';
import type { components, paths } from './readers.js';
export const api = createClient<paths>({ baseUrl: 'http://127.0.0.1' });
export async function headlines(story: string): Promise<string[]> {
  const { data, error } = await api.GET('/stories/{story}/timeline', { params: { path: { story }, query: { limit: 5 } } });
  if (error) throw new Error(error.detail);
  return data.entries.map(entry => ('headline' in entry ? String(entry.headline) : entry.status));
}
export type Problem = components['schemas']['Problem'];
`;

const desk = new DeskApp();
let documents: Record<'editors' | 'readers', Record<string, unknown>>;
let folder: string;

beforeAll(async () => {
  await desk.open();
  const editors = (await request(desk.app.getHttpServer()).get('/docs-json')).body as Record<string, unknown>;
  const settings = readerSettings({ DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '0', LOG_LEVEL: 'silent' });
  const module = ReaderModule.of(settings, metricsOf('reader-api'));
  const reader = await NestFactory.create(module, { logger: false });
  const readers = JSON.parse(JSON.stringify(openApi(reader, { title: 'Readers', description: 'd' }))) as Record<
    string,
    unknown
  >;
  await reader.close();
  documents = { editors, readers };
  mkdirSync('.dateline', { recursive: true });
  // Inside the project, so that the generated clients find their library.
  folder = mkdtempSync('.dateline/clients-');
  for (const [name, document] of Object.entries(documents))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
});
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true });
});

/** All strings under this key, at any depth. */
const all = (value: unknown, key: string): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) =>
        name === key && typeof inner === 'string' ? [inner] : all(inner, key),
      );

describe.each(['editors', 'readers'] as const)('the %s’ OpenAPI document', name => {
  test('two validators accept it', async () => {
    const document = documents[name];
    expect((await validate(JSON.stringify(document))).errors ?? []).toEqual([]);
    const { valid, errors } = await new Validator().validate(join(folder, `${name}.json`));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  test('every reference has a schema', () => {
    const schemas = (documents[name] as { components: { schemas: object } }).components.schemas;
    const names = all(documents[name], '$ref').map(ref => /^#[/]components[/]schemas[/](.+)$/.exec(ref)?.[1] ?? ref);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(found => !Object.hasOwn(schemas, found))).toEqual([]);
  });

  test('every pattern works without Unicode properties', () => {
    const patterns = all(documents[name], 'pattern');
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      expect(pattern).not.toMatch(/\\[pP]\{/);
      expect(() => new RegExp(pattern)).not.toThrow();
    }
  });

  test('the description of a refusal names its codes', () => {
    const { paths } = documents[name] as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string } | undefined> }>>;
    };
    const codesAt = (path: string, method: string, status: number) =>
      paths[path]![method]!.responses[status]!.description.match(/(?<=`)[a-z-]+(?=`)/g);
    if (name === 'readers') {
      expect(codesAt('/stories/{story}', 'get', 404)).toEqual(expect.arrayContaining(['unknown-story', 'not-yet']));
      expect(codesAt('/stories/{story}/timeline', 'get', 422)).toContain('unknown-condition');
      expect(codesAt('/media/{name}', 'get', 503)).toContain('files-busy');
      expect(codesAt('/stories/{story}/changes', 'get', 410)).toContain('rewritten');
    } else {
      const path = '/stories/{story}/developments';
      expect(codesAt(path, 'post', 409)).toEqual(expect.arrayContaining(['head-moved', 'story-closed']));
      expect(codesAt(path, 'post', 422)).toEqual(expect.arrayContaining(['unknown-actor', 'unknown-development']));
      expect(codesAt('/stories/{story}', 'get', 404)).toContain('unknown-story');
    }
  });

  test('every operation describes the answer 429 with Retry-After', () => {
    const { paths } = documents[name] as { paths: Record<string, Record<string, { responses: object }>> };
    for (const operation of Object.values(paths).flatMap(path => Object.values(path)))
      expect(operation.responses).toHaveProperty(['429', 'headers', 'Retry-After']);
  });
});

test('clients generated from both documents compile, and the editors’ client can post', async () => {
  const cli = 'node_modules/openapi-typescript/bin/cli.js';
  for (const name of ['editors', 'readers'])
    await node(cli, join(folder, `${name}.json`), '-o', join(folder, `${name}.d.ts`));
  writeFileSync(join(folder, 'edit.ts'), editorsProgram);
  writeFileSync(join(folder, 'read.ts'), readersProgram);
  const strictly = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2024', '--module', 'nodenext'];
  const programs = [join(folder, 'edit.ts'), join(folder, 'read.ts')];
  await node('node_modules/typescript/bin/tsc', '--ignoreConfig', ...strictly, '--types', 'node', ...programs);
  const { stdout } = await node(join(folder, 'edit.ts'), await desk.app.getUrl(), desk.token);
  expect(JSON.parse(stdout)).toEqual([201, 201, 'unknown-story']);
}, 120_000);
