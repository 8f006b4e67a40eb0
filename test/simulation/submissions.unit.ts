import type { Role } from '#platform';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { statement } from '../pages/posting.js';
import { DeskApp, type DeskPerson } from './desk-app.fixture.js';

const api = new DeskApp();

const person = (id: string, ...roles: Role[]) => api.person(id, roles);
let [rita, rob, ann, ben]: DeskPerson[] = [];
let story: string;
let stories = 0;

beforeAll(async () => {
  await api.open();
  await api.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  [rita, rob] = [await person('rita', 'reporter'), await person('rob', 'reporter')];
  [ann, ben] = [await person('ann', 'editor'), await person('ben', 'editor')];
});
afterAll(() => api.close());
beforeEach(async () => {
  const id = `story-${++stories}`;
  story = `/stories/${id}`;
  await ann!.post('/stories', { id, title: 'The count', zone: 'UTC', team: 'newsroom' });
  await ann!.post(`${story}/review`, { reporters: 'submit' });
});

const saying = (quote: string, more: object = {}) => ({ content: statement('mayor', quote), ...more });
const correcting = (quote: string) => ({ ...saying(quote), wrong: 'The words.', reason: 'Asked again.' });
async function submit(quote: string, more: object = {}, by = rita!) {
  const { status, body } = await by.post(`${story}/submissions`, saying(quote, more));
  expect(status).toBe(201);
  return { commit: body.commit as string, path: `${story}/developments/${body.development}`, id: body.development };
}
const listed = async (by = ann!) => (await by.get(`${story}/submissions`)).body.submissions;
const onDesk = async (id: string, by = ann!) =>
  (await by.get(`${story}/developments`)).body.developments.find((one: { id: string }) => one.id === id);
const embargoOf = async (id: string) => (await onDesk(id)).embargo;

describe('a story in which reporters submit', () => {
  test('a reporter’s post is refused with what to do, an editor’s is published, and the story says so', async () => {
    const refused = await rita!.post(`${story}/developments`, saying('Now'));
    expect([refused.status, refused.body.code]).toEqual([409, 'review-needed']);
    expect((await ann!.post(`${story}/developments`, saying('Now'))).status).toBe(201);
    expect((await ann!.get(story)).body.review).toBe('submit');
    expect((await rita!.post(`${story}/review`, { reporters: 'post' })).status).toBe(403);
    await ann!.post(`${story}/review`, { reporters: 'post' });
    expect((await rita!.post(`${story}/developments`, saying('Now'))).status).toBe(201);
  });

  test('what is submitted waits under an embargo, and the approval of exactly that commit lifts it', async () => {
    const { commit, path, id } = await submit('We open at nine');
    expect(await onDesk(id)).toMatchObject({ embargo: {}, own: false, submitted: true });
    expect(await onDesk(id, rita!)).toMatchObject({ own: true, submitted: true });
    expect(await listed()).toEqual([
      expect.objectContaining({
        ...{ development: id, commit, by: { id: 'rita', name: 'rita' }, returned: null, embargo: null },
        content: expect.objectContaining({ data: { speaker: 'mayor', quote: 'We open at nine' } }),
      }),
    ]);
    const approved = await ann!.post(`${path}/approve-submission`, { commit });
    expect(approved.body.events.map(({ type }: { type: string }) => type)).toEqual([
      'SubmissionApproved',
      'EmbargoLifted',
    ]);
    expect(await onDesk(id)).toMatchObject({ embargo: null, submitted: false });
    expect(await listed()).toEqual([]);
    expect((await ann!.post(`${path}/approve-submission`, { commit })).body.code).toBe('not-submitted');
  });

  test('an approval of what was changed meanwhile is a conflict that names the commit which holds it now', async () => {
    const { commit, path } = await submit('Nine');
    const corrected = await rita!.post(`${path}/correct`, correcting('Ten'));
    expect(corrected.status).toBe(201);
    const refused = await ann!.post(`${path}/approve-submission`, { commit });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'submission-changed', errors: [{ field: 'commit', allowed: [corrected.body.commit] }] },
    });
    expect(await listed()).toMatchObject([{ commit: corrected.body.commit, changedBy: { id: 'rita' } }]);
    expect((await ann!.post(`${path}/approve-submission`, { commit: corrected.body.commit })).status).toBe(201);
  });

  test('of an approval and a correction at the same time one wins, and the other is told', async () => {
    const { commit, path } = await submit('Nine');
    const [approved, corrected] = await Promise.all([
      ann!.post(`${path}/approve-submission`, { commit }),
      rita!.post(`${path}/correct`, correcting('Ten')),
    ]);
    const statuses = [approved.status, corrected.status];
    // Once it is approved, its reporter may not correct it any more.
    expect([
      [201, 403],
      [409, 201],
    ]).toContainEqual(statuses);
    if (approved.status === 409) expect(approved.body.code).toBe('submission-changed');
  });

  test('nobody approves what they submitted, reporters approve nothing, and no single editor lifts it', async () => {
    const { commit, path } = await submit('Mine', {}, ann!);
    for (const [by, code] of [
      [ann!, 'second-person-needed'],
      [rob!, 'wrong-role'],
    ] as const)
      expect((await by.post(`${path}/approve-submission`, { commit })).body.code).toMatch(
        new RegExp(`${code}|role-needed`),
      );
    expect((await ann!.post(`${path}/lift`)).body.code).toBe('submission-waits');
    const until = '2099-01-01T00:00:00Z';
    expect((await ann!.post(`${path}/embargo`, { until })).body.code).toBe('submission-waits');
    expect((await ben!.post(`${path}/approve-submission`, { commit })).status).toBe(201);
  });

  test('a submission of another spelling of the approver’s id is another person’s', async () => {
    const { commit, path } = await submit('Mine', {}, ann!);
    const other = await person('Ann', 'editor');
    expect((await other.post(`${path}/approve-submission`, { commit })).status).toBe(201);
  });

  test('what is sent back has a note for its author, and waits again once it is revised', async () => {
    const { commit, path } = await submit('Nine');
    expect((await ben!.post(`${path}/return-submission`, { commit, note: 'Who says so?' })).status).toBe(201);
    const [returned] = await listed(rita!);
    expect(returned.returned).toMatchObject({ by: { id: 'ben' }, note: 'Who says so?' });
    expect(await listed(rob!)).toEqual([]);
    expect((await ben!.post(`${path}/approve-submission`, { commit })).body.code).toBe('submission-returned');
    const revised = await rita!.post(`${path}/correct`, correcting('Nine, the mayor says'));
    expect(await listed(rita!)).toMatchObject([{ returned: null, commit: revised.body.commit }]);
    expect((await ben!.post(`${path}/approve-submission`, { commit: revised.body.commit })).status).toBe(201);
    // From then on it is an editor who corrects it.
    expect((await rita!.post(`${path}/correct`, correcting('Eleven'))).status).toBe(403);
    expect((await ann!.post(`${path}/correct`, correcting('Eleven'))).status).toBe(201);
  });

  test('an embargo that was asked for begins with the approval', async () => {
    const until = '2099-01-01T00:00:00.000Z';
    const [timed, untimed] = [await submit('A', { embargo: { until } }), await submit('B', { embargo: {} })];
    expect(await embargoOf(timed.id)).toEqual({});
    for (const { commit, path } of [timed, untimed])
      expect((await ann!.post(`${path}/approve-submission`, { commit })).status).toBe(201);
    expect([await embargoOf(timed.id), await embargoOf(untimed.id)]).toEqual([{ until }, {}]);
    expect((await ann!.post(`${untimed.path}/lift`)).status).toBe(201);
  });

  test('what is retracted waits no more', async () => {
    const { path } = await submit('Never mind');
    await ann!.post(`${path}/retract`, { reason: 'It is wrong.' });
    expect(await listed()).toEqual([]);
  });

  test('a retry of a submission is the same submission', async () => {
    const key = { 'Idempotency-Key': 'again' };
    const first = await rita!.post(`${story}/submissions`, saying('Once'), key);
    const again = await rita!.post(`${story}/submissions`, saying('Once'), key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await listed()).toHaveLength(1);
  });
});
