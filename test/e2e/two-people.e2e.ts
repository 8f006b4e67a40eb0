import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';

let newsroom: TestNewsroom;
let ann: Client;
let ben: Client;
let lea: Client;
let reporter: Client;
beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  ann = await newsroom.as(['editor'], 0, 'ann');
  ben = await newsroom.as(['editor'], 0, 'ben');
  lea = await newsroom.as(['legal'], 0, 'lea');
  reporter = await newsroom.as(['reporter']);
  await ann.post('/actors', { id: 'mayor', name: 'The mayor', kind: 'person', aliases: [] });
});
afterAll(() => newsroom?.close());

let count = 0;
async function recorded(quote: string) {
  const story = `story-${++count}`;
  await ann.post('/stories', { id: story, title: 'The count', zone: 'Europe/Berlin' });
  const { body } = await ann.post(`/stories/${story}/developments`, statement(quote));
  return { story, development: body.development as string, path: `/stories/${story}/developments/${body.development}` };
}
const reason = 'She never said it.';

describe('a story in which retractions need two editors', () => {
  test('one editor is told to propose, and another’s approval takes effect with the proposal’s reason', async () => {
    const { story, development, path } = await recorded('We will rebuild.');
    expect(await lea.post(`/stories/${story}/approvals`, { acts: ['retract'] })).toMatchObject({ status: 201 });
    expect(await ann.post(`${path}/retract`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'approval-needed', detail: expect.stringContaining('Propose the retraction') },
    });
    const proposed = await ann.post(`${path}/propose-retraction`, { reason });
    expect(proposed).toMatchObject({ status: 201, body: { events: [{ type: 'RetractionProposed', development }] } });
    const { commit: proposal } = proposed.body;
    const open = await ben.get(`/stories/${story}/proposals`);
    expect(open.body).toMatchObject({
      approvals: ['retract'],
      proposals: [{ proposal, act: 'retract', development, reason, by: { id: 'ann' }, as: 'editor', needs: 'editor' }],
    });
    const approving = `/stories/${story}/proposals/${proposal}/approve`;
    expect(await ann.post(approving)).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
    expect(await lea.post(approving)).toMatchObject({
      status: 403,
      body: { code: 'role-needed', allowed: ['editor'] },
    });
    const approved = await ben.post(approving);
    expect(approved.body).toMatchObject({
      status: 'won',
      by: { id: 'ben' },
      events: [{ type: 'ProposalApproved' }, { type: 'DevelopmentRetracted', development }],
    });
    const { body } = await newsroom.readAt(`/stories/${story}/timeline/${development}`, approved.body.position);
    expect(body.entry).toMatchObject({ status: 'retracted', retraction: { reason } });
    expect((await ben.get(`/stories/${story}/proposals`)).body.proposals).toEqual([]);
  });
});

describe('a proposal', () => {
  test('a proposal lapses when its development is corrected, and the refusal names the open ones', async () => {
    const { story, path } = await recorded('We will rebuild.');
    const { commit } = (await ann.post(`${path}/propose-retraction`, { reason })).body;
    const wrong = { wrong: 'A word.', reason: 'Heard again.' };
    await ben.post(`${path}/correct`, { ...statement('We will rebuild it.'), ...wrong });
    const late = await ben.post(`/stories/${story}/proposals/${commit}/approve`);
    expect(late).toMatchObject({ status: 404, body: { code: 'unknown-proposal' } });
    const again = (await ann.post(`${path}/propose-retraction`, { reason })).body.commit;
    expect(await ben.post(`/stories/${story}/proposals/${commit}/approve`)).toMatchObject({
      status: 404,
      body: { code: 'unknown-proposal', allowed: [again] },
    });
  });

  test('a proposal is withdrawn with a reason', async () => {
    const { story, path } = await recorded('We will rebuild.');
    const { commit } = (await ann.post(`${path}/propose-takedown`, { ground: 'privacy', reason })).body;
    const target = `/stories/${story}/proposals/${commit}`;
    expect(await lea.post(`${target}/withdraw`, {})).toMatchObject({ status: 422, body: { code: 'invalid-field' } });
    expect(await lea.post(`${target}/withdraw`, { reason: 'Nobody is hurt.' })).toMatchObject({ status: 201 });
    expect(await lea.post(`${target}/approve`)).toMatchObject({ status: 404, body: { code: 'unknown-proposal' } });
  });

  test('only the roles that may can propose and approve', async () => {
    const { story, path } = await recorded('We will rebuild.');
    const takedown = { ground: 'legal', reason };
    expect(await reporter.post(`${path}/propose-takedown`, takedown)).toMatchObject({ status: 403 });
    expect(await lea.post(`${path}/propose-retraction`, { reason })).toMatchObject({ status: 403 });
    expect(await ann.post(`/stories/${story}/approvals`, { acts: [] })).toMatchObject({ status: 403 });
    expect(await ann.post(`${path}/propose-takedown`, { ...takedown, as: 'legal' })).toMatchObject({
      status: 403,
      body: { code: 'role-needed', allowed: ['editor'] },
    });
    expect(await ann.post(`${path}/propose-takedown`, { ground: 'taste', reason })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'ground' }] },
    });
    expect(await ann.post(`${path}/propose-takedown`, takedown)).toMatchObject({ status: 201 });
    expect(await lea.post(`${path}/propose-takedown`, takedown)).toMatchObject({
      status: 409,
      body: { code: 'proposal-open' },
    });
  });

  test('readers get neither a proposal nor its reason', async () => {
    const { story, path } = await recorded('We will rebuild.');
    const { position } = (await ann.post(`${path}/propose-takedown`, { ground: 'safety', reason })).body;
    await newsroom.seen(position);
    const timeline = await newsroom.readers.get(`/stories/${story}/timeline`);
    expect(timeline.body.position).toBe(position - 1);
    expect(timeline.text).not.toMatch(/never said|safety/i);
    const { text } = await newsroom.readers.get(`/s/${story}`);
    expect(text).toContain('We will rebuild.');
    expect(text).not.toMatch(/never said|safety/i);
  });
});
