import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeskKeyPoints } from '#contract';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();
const { get, post } = api;
beforeAll(() => api.open());
afterAll(() => api.close());

const story = '/stories/count';
const posted = async (body: string): Promise<string> =>
  (await post(`${story}/developments`, { content: { kind: 'update', body } })).body.development;
const set = (points: object[], key?: string) =>
  post(`${story}/key-points`, { points }, key ? { 'Idempotency-Key': key } : {});
const held = async () => ((await get(`${story}/key-points`)).body as DeskKeyPoints).points;
const toDo = async () => (await get(story)).body.keyPoints;

test('several points are sealed under keys of their own in one command, and read back', async () => {
  const [one, two] = [await posted('The count has begun.'), await posted('The hall is closed.')];
  const points = [
    { text: 'They are counting.', cites: [one] },
    { text: 'Nobody may enter.', cites: [two, one] },
  ];
  const first = await set(points, 'once');
  expect([first.status, first.body.events]).toEqual([
    201,
    [{ type: 'KeyPointWritten' }, { type: 'KeyPointWritten' }, { type: 'KeyPointsSet' }],
  ]);
  const again = await set(points, 'once');
  expect([again.body.commit, again.headers['idempotency-replayed']]).toEqual([first.body.commit, 'true']);
  const list = await held();
  expect(list).toMatchObject([
    { words: 'They are counting.', cites: [one], struckBy: [], changed: [] },
    { words: 'Nobody may enter.', cites: [two, one] },
  ]);
  const ids = list.map(({ point }) => point);
  expect(new Set(ids).size).toBe(2);
  await api.keys.destroy([ids[1]!]);
  expect(await held()).toMatchObject([{ words: 'They are counting.' }, { words: null }]);
  expect((await set([{ point: ids[1] }, { point: ids[0] }])).body.events).toEqual([{ type: 'KeyPointsSet' }]);
  expect((await set([{ point: ids[1] }, { point: ids[0] }])).body.status).toBe('already-so');
  const refused = await set([
    { point: ids[0] },
    { text: 'More.', cites: [one, '00000000-0000-4000-8000-000000000000'] },
  ]);
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'unknown-development', errors: [{ field: 'points.1.cites.1' }] },
  });
  expect(refused.body.errors[0].message).toMatch(/Cite developments that readers can read/);
});

test('the desk counts the points to rewrite and to check, and an editor confirms one', async () => {
  const [shaky, firm] = [await posted('A box is missing.'), await posted('All boxes are here.')];
  await set([
    { text: 'A box is missing.', cites: [shaky] },
    { text: 'All boxes are here.', cites: [firm] },
  ]);
  expect(await toDo()).toEqual({ listed: 2, toRewrite: 0, toCheck: 0 });
  await post(`${story}/developments/${shaky}/retract`, { reason: 'It was found.' });
  const content = {
    ...{ kind: 'update', body: 'All nine boxes are here.', data: {}, occurred: { precision: 'unknown' } },
    ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
  };
  await post(`${story}/developments/${firm}/correct`, { content, wrong: 'The number.', reason: 'Counted again.' });
  expect(await toDo()).toEqual({ listed: 2, toRewrite: 1, toCheck: 1 });
  const [struck, changed] = await held();
  expect([struck!.struckBy, changed!.changed]).toEqual([[shaky], [firm]]);
  await set([
    { point: struck!.point, text: 'No box is missing.', cites: [firm] },
    { point: changed!.point, checked: true },
  ]);
  expect(await toDo()).toEqual({ listed: 2, toRewrite: 0, toCheck: 0 });
  expect((await held())[1]!.point).toBe(changed!.point);
});
