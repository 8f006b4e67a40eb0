import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { statement } from '../pages/posting.js';
import { DeskApp, type DeskPerson } from './desk-app.fixture.js';

const api = new DeskApp();

const person: DeskApp['person'] = (...who) => api.person(...who);
let people: Record<'ann' | 'ed' | 'rita' | 'rob' | 'eve' | 'lea' | 'mo' | 'aud', DeskPerson>;

beforeAll(async () => {
  await api.open();
  await api.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  people = {
    ann: await person('ann', ['editor'], 'Ann'),
    // The role of the token is not that of the team.
    ed: await person('ed', ['reporter'], 'Ed'),
    rita: await person('rita', ['editor'], 'Rita'),
    rob: await person('rob', ['reporter'], 'Rob'),
    eve: await person('eve', ['editor', 'reporter'], 'Ann'),
    lea: await person('lea', ['legal'], 'Lea'),
    mo: await person('mo', ['managing'], 'Mo'),
    aud: await person('aud', ['auditor'], 'Aud'),
  };
});
afterAll(() => api.close());

let stories = 0;
let story: string;
beforeEach(async () => {
  const id = `story-${++stories}`;
  story = `/stories/${id}`;
  const { ann } = people;
  expect((await ann.post('/stories', { id, title: 'The count', zone: 'UTC', team: 'own' })).body.events).toEqual([
    { type: 'StoryOpenedSealed' },
    { type: 'MemberNamed' },
  ]);
  for (const [member, role] of [
    ['ed', 'editor'],
    ['rita', 'reporter'],
    ['rob', 'reporter'],
  ])
    expect((await ann.post(`${story}/members`, { member, role })).status).toBe(201);
});

const recording = (quote: string, more: object = {}) => ({ content: statement('mayor', quote), ...more });
const record = async (who: DeskPerson, quote: string, more: object = {}) =>
  (await who.post(`${story}/developments`, recording(quote, more))).body.development as string;
const correction = (quote: string) => ({ ...recording(quote), wrong: 'A word.', reason: 'Heard again.' });
const on = (development: string, act: string) => `${story}/developments/${development}/${act}`;
const outside = { status: 403, body: { code: 'not-in-team', allowed: ['ann'] } };

describe('a story of the whole newsroom', () => {
  test('gets a team from a managing editor alone, who names its first chief; only members act in it from then on', async () => {
    const { ann, eve, mo } = people;
    const path = `${story}-of-all`;
    await ann.post('/stories', {
      id: path.slice('/stories/'.length),
      title: 'The count',
      zone: 'UTC',
      team: 'newsroom',
    });
    const chief = { member: 'ann', role: 'chief' };
    expect(await eve.post(`${path}/members`, chief)).toMatchObject({ status: 409, body: { code: 'no-team' } });
    expect((await eve.get(`${path}/team`)).body.may).not.toContain('name-member');
    expect((await mo.get(`${path}/team`)).body.may).toContain('name-member');
    const editor = await mo.post(`${path}/members`, { member: 'ann', role: 'editor' });
    expect(editor).toMatchObject({ status: 409, body: { code: 'no-team' } });
    expect((await eve.post(`${path}/developments`, recording('Mine'))).status).toBe(201);
    expect((await mo.post(`${path}/members`, chief)).status).toBe(201);
    expect(await eve.post(`${path}/developments`, recording('Mine'))).toMatchObject(outside);
    expect((await ann.post(`${path}/members`, { member: 'eve', role: 'editor' })).status).toBe(201);
    expect((await eve.post(`${path}/developments`, recording('Mine'))).status).toBe(201);
  });
});

describe('a story with a team', () => {
  test('who is not in the team is refused, and told who can add them', async () => {
    const { eve } = people;
    const refused = await eve.post(`${story}/developments`, recording('Mine'));
    expect(refused).toMatchObject(outside);
    expect(refused.body.detail).toContain('Ask one of its chiefs to add you: Ann (ann).');
    expect(await eve.post(`${story}/members`, { member: 'eve', role: 'chief' })).toMatchObject(outside);
    expect(await eve.post(`${story}/close`, {})).toMatchObject(outside);
  });

  test('who is not in the team, or no longer, is not told either what others did since a head', async () => {
    const { ann, eve, rita } = people;
    const { etag } = (await eve.get(story)).headers as { readonly etag: string };
    await record(ann, 'Not yet', { embargo: {} });
    for (const head of [etag, '"x"']) {
      const expected = { 'If-Match': head };
      for (const path of ['close', 'developments'])
        expect(await eve.post(`${story}/${path}`, path === 'close' ? {} : recording('Mine'), expected)).toMatchObject(
          outside,
        );
      expect(await rita.post(`${story}/developments`, recording('Mine'), expected)).toMatchObject({
        status: 409,
        body: { code: 'head-moved' },
      });
    }
    const again = { id: story.slice('/stories/'.length), title: 'The count', zone: 'UTC' };
    const open = (who: DeskPerson) => who.post('/stories', again, { 'If-Match': etag });
    const exists = { status: 409, body: { code: 'story-exists' } };
    const opened = await open(eve);
    expect(opened).toMatchObject(exists);
    expect(opened.body).not.toHaveProperty('meanwhile');
    expect(await open(rita)).toMatchObject({ status: 409, body: { code: 'head-moved' } });
    await ann.post(`${story}/remove-member`, { member: 'rita' });
    expect(await rita.post(`${story}/developments`, recording('Mine'), { 'If-Match': etag })).toMatchObject(outside);
    expect(await open(rita)).toMatchObject(exists);
  });

  test('a reporter posts and corrects their own, and cannot do more', async () => {
    const { rita, rob, ed } = people;
    const development = await record(rita, 'First');
    expect((await rita.post(on(development, 'correct'), correction('Second'))).status).toBe(201);
    expect(await rob.post(on(development, 'correct'), correction('Third'))).toMatchObject({
      status: 403,
      body: { code: 'role-needed', allowed: ['editor'] },
    });
    expect((await rita.post(on(development, 'retract'), { reason: 'No.' })).body.code).toBe('role-needed');
    expect((await rita.post(`${story}/developments`, recording('Key', { key: true }))).body.code).toBe('role-needed');
    expect((await ed.post(on(development, 'correct'), correction('Third'))).status).toBe(201);
  });

  test('an editor of the team needs no such role in the token, and a chief alone closes', async () => {
    const { ed, ann } = people;
    const development = await record(ed, 'First', { key: true });
    expect((await ed.post(on(development, 'pin'), {})).status).toBe(201);
    expect(await ed.post(`${story}/close`, {})).toMatchObject({ status: 403, body: { allowed: ['chief'] } });
    expect((await ed.post(`${story}/members`, { member: 'eve', role: 'editor' })).status).toBe(403);
    expect((await ann.post(`${story}/close`, {})).status).toBe(201);
  });

  test('a member has a new role at once, and none when removed', async () => {
    const { ann, rita } = people;
    const development = await record(rita, 'First');
    await ann.post(`${story}/members`, { member: 'rita', role: 'editor' });
    expect((await rita.post(on(development, 'pin'), {})).status).toBe(201);
    await ann.post(`${story}/remove-member`, { member: 'rita' });
    expect(await rita.post(on(development, 'unpin'), {})).toMatchObject(outside);
    expect(await rita.get(`${story}/developments`)).toMatchObject(outside);
  });

  test('the last chief stays, and `managing` names another where a chief has left', async () => {
    const { ann, mo } = people;
    expect(await ann.post(`${story}/remove-member`, { member: 'ann' })).toMatchObject({
      status: 409,
      body: { code: 'last-chief' },
    });
    expect((await mo.post(`${story}/close`, {})).status).toBe(403);
    expect((await mo.post(`${story}/members`, { member: 'ed', role: 'chief' })).status).toBe(201);
    expect((await mo.post(`${story}/remove-member`, { member: 'ann' })).status).toBe(201);
    expect((await people.ed.post(`${story}/close`, {})).status).toBe(201);
  });

  test('who is no person cannot be in a team', async () => {
    for (const member of ['dateline', 'machine:1', 'Zoe\u0308', ' ann', ''])
      expect((await people.ann.post(`${story}/members`, { member, role: 'editor' })).status).toBe(422);
  });

  test('a lawyer does what lawyers do in every story', async () => {
    const { rita, lea, ed } = people;
    const development = await record(rita, 'Libel');
    const proposed = await lea.post(on(development, 'propose-takedown'), { ground: 'legal', reason: 'Order 5.' });
    expect(proposed.status).toBe(201);
    expect((await lea.post(on(development, 'pin'), {})).status).toBe(403);
    expect((await ed.post(`${story}/proposals/${proposed.body.commit}/approve`)).status).toBe(201);
  });
});

describe('the second person', () => {
  test('a person with another name is the same person, and one with the same name is another', async () => {
    const { ann, lea } = people;
    await lea.post(`${story}/approvals`, { acts: ['retract'] });
    const development = await record(ann, 'First');
    const proposed = (await ann.post(on(development, 'propose-retraction'), { reason: 'No.' })).body.commit;
    const approve = `${story}/proposals/${proposed}/approve`;
    expect((await (await person('ann', ['editor'], 'Somebody Else')).post(approve)).body.code).toBe(
      'second-person-needed',
    );
    await ann.post(`${story}/members`, { member: 'ann2', role: 'editor' });
    expect((await (await person('ann2', ['editor'], 'Ann')).post(approve)).status).toBe(201);
  });

  test('a subject is one person in every form of Unicode, since only one form signs in; another case is another person', async () => {
    const { ann, lea } = people;
    const zoe = await person('Zo\u00eb', ['editor']);
    await ann.post(`${story}/members`, { member: 'Zo\u00eb', role: 'editor' });
    await ann.post(`${story}/members`, { member: 'zo\u00eb', role: 'editor' });
    await lea.post(`${story}/approvals`, { acts: ['retract'] });
    const development = await record(zoe, 'First');
    const proposed = (await zoe.post(on(development, 'propose-retraction'), { reason: 'No.' })).body.commit;
    const approve = `${story}/proposals/${proposed}/approve`;
    // Equal to the author's only after normalisation.
    expect((await (await person('Zoe\u0308', ['editor'])).post(approve)).status).toBe(401);
    expect((await zoe.post(approve)).body.code).toBe('second-person-needed');
    expect((await (await person('zo\u00eb', ['editor'])).post(approve)).status).toBe(201);
  });
});

describe('what the desk reads', () => {
  test('the team, and what one may do there', async () => {
    const { rita, ann, lea } = people;
    await record(rita, 'First');
    expect((await rita.get(`${story}/team`)).body).toMatchObject({
      of: 'story',
      role: 'reporter',
      members: [
        { id: 'ann', role: 'chief', name: 'Ann' },
        { id: 'ed', role: 'editor', name: null },
        { id: 'rita', role: 'reporter', name: 'Rita' },
        { id: 'rob', role: 'reporter', name: null },
      ],
      may: expect.arrayContaining(['record-development', 'open-story']),
      mayOwn: expect.arrayContaining(['record-development', 'correct-development']),
    });
    expect((await rita.get(`${story}/team`)).body.may).not.toContain('correct-development');
    expect((await ann.get(`${story}/team`)).body.may).toEqual(expect.arrayContaining(['name-member', 'close-story']));
    expect((await lea.get(`${story}/team`)).body).toMatchObject({
      role: null,
      may: expect.not.arrayContaining(['pin']),
    });
    expect((await ann.get('/stories/count/team')).body).toMatchObject({ of: 'newsroom', members: [], role: null });
  });

  test('only the team, lawyers, managing editors and auditors read a story’s lists', async () => {
    const { ann, ed, rita, eve, lea, mo, aud } = people;
    const development = await record(ann, 'Not yet', { embargo: {} });
    const paths = ['developments', 'unclassified', 'key-points', 'proposals', 'team', 'feed'];
    for (const path of paths) expect(await eve.get(`${story}/${path}`)).toMatchObject(outside);
    expect(await eve.get(on(development, 'content'))).toMatchObject(outside);
    for (const who of [ed, rita, lea, mo, aud])
      for (const path of paths.slice(0, -1)) expect((await who.get(`${story}/${path}`)).status).toBe(200);
    for (const who of [ed, rita, lea, mo]) expect((await who.get(on(development, 'content'))).status).toBe(200);
    expect((await aud.get(on(development, 'content'))).body.code).toBe('role-needed');
    // That there is a story, and whom to ask, the whole newsroom knows.
    expect((await eve.get(story)).status).toBe(200);
    expect((await eve.get('/stories')).text).toContain(`"${story.slice('/stories/'.length)}"`);
  });

  test('each development says whether it is the reader’s own', async () => {
    const { rita, ed } = people;
    const development = await record(rita, 'First');
    const own = async (who: DeskPerson) =>
      (await who.get(`${story}/developments`)).body.developments.find(({ id }: { id: string }) => id === development)
        .own;
    expect([await own(rita), await own(ed)]).toEqual([true, false]);
  });

  test('a feed ends when its reader is no longer in the team, and sends nothing afterwards', async () => {
    const { rita, ann } = people;
    const response = await fetch(`${await api.app.getUrl()}${story}/feed`, {
      headers: { Authorization: `Bearer ${rita.token}` },
      signal: AbortSignal.timeout(20_000),
    });
    await record(ann, 'Seen');
    await ann.post(`${story}/remove-member`, { member: 'rita' });
    const text = await response.text();
    expect(text).toContain('event: hello');
    expect(text).not.toContain('MemberRemoved');
    expect(
      (await fetch(`${await api.app.getUrl()}${story}/feed`, { headers: { Authorization: `Bearer ${rita.token}` } }))
        .status,
    ).toBe(403);
  });
});
