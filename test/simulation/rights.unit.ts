import type { Role } from '#platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v5 as uuidOf } from 'uuid';
import { forNewsroom } from '../harness/client.js';
import { statement } from '../pages/posting.js';
import { DeskApp } from './desk-app.fixture.js';

const api = new DeskApp();

/** A person of the newsroom, whose stories belong to all. */
async function person(id: string, roles: Role[], name = id) {
  const { get, post } = await api.person(id, roles, name);
  const posting: typeof post = (path, body, headers) =>
    post(path, path === '/stories' ? (forNewsroom(body) as object) : body, headers);
  return { get, post: posting };
}
type Person = Awaited<ReturnType<typeof person>>;
let [rita, ann, ben, lea, aud]: Person[] = [];

beforeAll(async () => {
  await api.open();
  await api.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  rita = await person('rita', ['reporter']);
  ann = await person('ann', ['editor']);
  ben = await person('ben', ['editor']);
  lea = await person('lea', ['legal']);
  aud = await person('aud', ['auditor']);
});
afterAll(() => api.close());

let stories = 0;
async function opened(): Promise<string> {
  const id = `story-${++stories}`;
  await ann!.post('/stories', { id, title: 'The count', zone: 'UTC' });
  return `/stories/${id}`;
}
const recording = (quote: string, more: object = {}) => ({ content: statement('mayor', quote), ...more });
const record = async (who: Person, story: string, quote: string, more: object = {}) =>
  (await who.post(`${story}/developments`, recording(quote, more))).body;

describe('a reporter', () => {
  test('a reporter can record, even under embargo, and cannot supersede or mark as a key event', async () => {
    const story = await opened();
    const { development } = await record(ann!, story, 'First');
    const superseding = await rita!.post(`${story}/developments`, recording('Mine', { supersedes: development }));
    expect(superseding).toMatchObject({
      status: 403,
      body: { code: 'role-needed', errors: [{ field: 'supersedes', allowed: ['editor'] }] },
    });
    expect(await rita!.post(`${story}/developments`, recording('Mine', { key: true }))).toMatchObject({
      status: 403,
      body: { errors: [{ field: 'key' }] },
    });
    expect(await record(rita!, story, 'Mine', { embargo: {} })).toMatchObject({ status: 'won' });
    const { developments } = (await ann!.get(`${story}/developments`)).body;
    expect(developments).toHaveLength(2);
    expect(developments).toContainEqual(expect.objectContaining({ id: development, status: 'active' }));
    for (const each of developments) expect(each).toMatchObject({ status: 'active', key: false });
  });
});

describe('a person who is both editor and lawyer', () => {
  test('one person cannot remove the requirement of a second person, and two can', async () => {
    const story = await opened();
    const { development } = await record(ann!, story, 'First');
    const both = await person('bo', ['editor', 'legal']);
    expect((await both.post(`${story}/approvals`, { acts: ['retract'] })).status).toBe(201);
    expect(await both.post(`${story}/approvals`, { acts: [] })).toMatchObject({
      status: 409,
      body: { code: 'loosening-takes-two' },
    });
    const { commit } = (await both.post(`${story}/propose-approvals`, { acts: [], reason: 'It is over.' })).body;
    const approve = `${story}/proposals/${commit}/approve`;
    for (const name of ['bo', 'Ann'])
      expect(await (await person('bo', ['editor', 'legal'], name)).post(approve)).toMatchObject({
        status: 403,
        body: { code: 'second-person-needed' },
      });
    expect((await ann!.post(`${story}/developments/${development}/retract`, { reason: 'No.' })).body.code).toBe(
      'approval-needed',
    );
    const { proposals } = (await ben!.get(`${story}/proposals`)).body;
    expect(proposals).toEqual([
      {
        ...{
          proposal: commit,
          act: 'approvals',
          development: null,
          text: null,
          acts: [],
          ground: null,
          reason: 'It is over.',
        },
        ...{ by: { id: 'bo', name: 'bo' }, as: 'legal', needs: 'editor', declines: ['editor', 'legal'] },
        ...{ recorded: expect.any(String), corrected: null },
      },
    ]);
    expect((await ben!.post(approve)).body.events).toEqual([{ type: 'ApprovalsLoosened' }]);
    expect((await ann!.post(`${story}/developments/${development}/retract`, { reason: 'No.' })).status).toBe(201);
  });
});

describe('a lawyer’s proposal of a takedown', () => {
  test('an editor cannot decline it, and a correction does not end it but is shown with it', async () => {
    const story = await opened();
    const { development } = await record(ann!, story, 'Libel');
    const path = `${story}/developments/${development}`;
    const { commit } = (await lea!.post(`${path}/propose-takedown`, { ground: 'court-order', reason: 'Order 5.' }))
      .body;
    expect(await ann!.post(`${story}/proposals/${commit}/withdraw`, { reason: 'No.' })).toMatchObject({
      status: 403,
      body: { code: 'role-needed', allowed: ['legal'] },
    });
    const correction = { ...recording('Libel!'), wrong: 'A mark.', reason: 'Style.' };
    const { recorded } = (await ben!.post(`${path}/correct`, correction)).body;
    expect((await ann!.get(`${story}/proposals`)).body.proposals).toMatchObject([
      { proposal: commit, corrected: recorded, declines: ['legal'] },
    ]);
    expect((await ann!.post(`${story}/proposals/${commit}/approve`)).body.events).toMatchObject([
      { type: 'ProposalApproved' },
      { type: 'ContentShredded' },
    ]);
  });
});

describe('the reason of a proposal about a development under embargo', () => {
  test('only editors and lawyers see it', async () => {
    const story = await opened();
    const { development } = await record(ann!, story, 'Not yet', { embargo: {} });
    await ann!.post(`${story}/developments/${development}/propose-takedown`, {
      ground: 'legal',
      reason: 'It names Ole.',
    });
    const reasons = async (who: Person) =>
      (await who.get(`${story}/proposals`)).body.proposals.map(({ reason }: { reason: string | null }) => reason);
    expect(await Promise.all([ben!, lea!].map(reasons))).toEqual([['It names Ole.'], ['It names Ole.']]);
    expect(await Promise.all([rita!, aud!].map(reasons))).toEqual([[null], [null]]);
    await ann!.post(`${story}/developments/${development}/lift`);
    expect(await reasons(rita!)).toEqual(['It names Ole.']);
  });
});

describe('an Idempotency-Key', () => {
  test('two people can use the same key for different commands', async () => {
    const story = await opened();
    const key = { 'Idempotency-Key': `words-of-${stories}` };
    const post = (who: Person) => who.post(`${story}/developments`, recording('Ours'), key);
    const [first, second] = [await post(rita!), await post(ann!)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.development).not.toBe(first.body.development);
    for (const [who, before] of [
      [rita, first],
      [ann, second],
    ] as const) {
      const again = await post(who!);
      expect([again.text, again.headers['idempotency-replayed']]).toEqual([before.text, 'true']);
      expect((await who!.get(`/commands/${key['Idempotency-Key']}`)).text).toBe(before.text);
    }
    expect(await ann!.post(`${story}/close`, {}, key)).toMatchObject({ status: 422, body: { code: 'key-taken' } });
  });

  test('only its author and auditors can see the outcome of a command', async () => {
    const story = await opened();
    const key = `closing-${stories}`;
    const { text } = await ann!.post(`${story}/close`, {}, { 'Idempotency-Key': key });
    expect(await ben!.get(`/commands/${key}`)).toMatchObject({ status: 404, body: { code: 'unknown-command' } });
    expect(await ben!.get(`/commands/${key}?by=ann`)).toMatchObject({ status: 403, body: { allowed: ['auditor'] } });
    expect((await ann!.get(`/commands/${key}?by=ann`)).text).toBe(text);
    expect((await aud!.get(`/commands/${key}?by=ann`)).text).toBe(text);
    expect((await aud!.get(`/commands/${key}`)).status).toBe(404);
  });

  test('the id of a development is computed from the story and the key', async () => {
    const story = await opened();
    const { body } = await ann!.post(`${story}/developments`, recording('First'), { 'Idempotency-Key': 'first-words' });
    const namespace = uuidOf('urn:dateline:development', uuidOf.URL);
    expect(body.development).toBe(uuidOf(`${story.slice('/stories/'.length)}/first-words`, namespace));
  });
});
