import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EditorApi } from '../../apps/desk/src/api.js';
import { deskPage } from '../../apps/editor-api/src/http/read.js';
import { Watched } from '../harness/watched.js';
import { DeskApp } from './desk-app.fixture.js';

const watched = new Watched();
const api = new DeskApp();
const { get, post } = api;

// One more than a page holds.
const many = deskPage + 1;
const actors = Array.from({ length: many }, (_, n) => `actor-${String(n).padStart(4, '0')}`);
const stories = ['count', ...Array.from({ length: 6 }, (_, n) => `story-${n}`)];
const note = {
  content: {
    kind: 'context',
    data: { topic: 'The count', summary: 'It goes on' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
};
const developments: string[] = [];

beforeAll(async () => {
  await api.open(watched.watch);
  for (const id of actors) expect((await post('/actors', { id, name: id, kind: 'person' })).status).toBe(201);
  for (const id of stories.slice(1)) await post('/stories', { id, title: id, zone: 'UTC' });
  for (let i = 0; i < 7; i++) developments.push((await post('/stories/count/developments', note)).body.development);
}, 60_000);
afterAll(async () => {
  await watched.check(await api.app.getUrl()).finally(() => api.close());
});

const lists: [path: string, member: string, ids: () => string[]][] = [
  ['/actors', 'actors', () => actors],
  ['/stories', 'stories', () => stories],
  ['/stories/count/developments', 'developments', () => developments.toSorted()],
];

describe.each(lists)('%s', (path, member, ids) => {
  test('its pages hold each item once, ordered by id', async () => {
    const pages: string[][] = [];
    for (let next: string | null = `${path}?limit=3`; next && pages.length < 200;) {
      const { status, body }: { status: number; body: Record<string, { id: string }[]> & { next: string | null } } =
        await get(next);
      expect(status).toBe(200);
      pages.push(body[member]!.map(({ id }) => id));
      next = body.next;
    }
    expect(pages.flat()).toEqual(ids());
    expect(pages.slice(0, -1).every(({ length }) => length === 3)).toBe(true);
  });

  test('a last page that is full names no next page', async () => {
    const full = Math.min(ids().length, deskPage);
    const { body } = await get(`${path}?limit=${full}`);
    expect([body[member].length, body.next === null]).toEqual([full, full === ids().length]);
  });

  test('it accepts a limit up to its bound, and refuses other limits, cursors and parameters', async () => {
    expect((await get(`${path}?limit=${deskPage}`)).status).toBe(200);
    for (const wrong of ['limit=0', `limit=${deskPage + 1}`, 'cursor=x', 'offset=3'])
      expect([wrong, (await get(`${path}?${wrong}`)).status]).toEqual([wrong, 422]);
  });
});

test('without a limit a page is as long as allowed, and the desk joins the pages', async () => {
  const { body } = await get('/actors');
  expect([body.actors.length, typeof body.next]).toEqual([deskPage, 'string']);
  const asked = new EditorApi('token', 5_000);
  const got = new Map([
    ['/actors', body],
    [body.next, (await get(body.next)).body],
  ]);
  asked.get = async <Answer>(path: string) => got.get(path) as Answer;
  const all = await asked.getAll<'actors', { actors: { id: string }[] }>('/actors', 'actors');
  expect(all.actors.map(({ id }) => id)).toEqual(actors);
});
