import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { audit, succeeds } from '../harness/audit.js';
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
});
afterAll(() => newsroom?.close());

const reason = 'It names a witness.';
// Without a headline, the kind would write one, with the name in it.
const said = (quote: string) => ({ content: { ...statement(quote).content, headline: 'The count goes on' } });
const wish = { ground: 'privacy', reason };
const entryOf = async (id: string) =>
  (await lea.get('/actors')).body.actors.find((actor: { id: string }) => actor.id === id);

test('two people take down an actor’s entry; its name is in no answer, and verify finds the log and the rows equal', async () => {
  await ann.post('/actors', { id: 'mayor', name: 'Ada Witness', kind: 'person', aliases: ['The Witness'] });
  await ann.put('/actors/mayor', { name: 'Ada Q. Witness', kind: 'person', aliases: [] });
  await ann.post('/stories', { id: 'count', title: 'The count', zone: 'Europe/Berlin' });
  const { body } = await ann.post('/stories/count/developments', said('We count.'));
  const path = `/stories/count/timeline/${body.development}`;
  await newsroom.readAt(path, body.position);
  const propose = '/actors/mayor/propose-takedown';
  expect(await reporter.post(propose, wish)).toMatchObject({ status: 403 });
  expect(await ann.post('/actors/nobody/propose-takedown', wish)).toMatchObject({
    status: 404,
    body: { code: 'unknown-actor-id' },
  });
  expect(await ann.post(propose, { ...wish, ground: 'taste' })).toMatchObject({ status: 422 });

  const first = await ann.post(propose, wish);
  expect(first).toMatchObject({ status: 201, body: { events: [{ type: 'ActorTakedownProposed' }] } });
  expect(await ben.post(propose, wish)).toMatchObject({ status: 409, body: { code: 'proposal-open' } });
  expect(await entryOf('mayor')).toMatchObject({
    name: 'Ada Q. Witness',
    proposal: { proposal: first.body.commit, ground: 'privacy', reason, by: { id: 'ann' }, needs: 'legal' },
  });
  const at = (commit: string, act: string) => `/actors/mayor/proposals/${commit}/${act}`;
  expect(await ben.post(at(first.body.commit, 'withdraw'), { reason })).toMatchObject({
    status: 403,
    body: { code: 'role-needed', allowed: ['legal'] },
  });
  expect(await ann.post(at(first.body.commit, 'withdraw'), { reason })).toMatchObject({ status: 201 });
  expect(await entryOf('mayor')).not.toHaveProperty('proposal');

  const { commit } = (await ann.post(propose, wish)).body;
  expect(await ann.post(at(commit, 'approve'))).toMatchObject({ status: 403, body: { code: 'second-person-needed' } });
  expect(await ben.post(at(commit, 'approve'))).toMatchObject({ status: 403, body: { code: 'role-needed' } });
  expect(await lea.post(at('f'.repeat(64), 'approve'))).toMatchObject({
    status: 404,
    body: { code: 'unknown-proposal', allowed: [commit] },
  });
  const approved = await lea.post(at(commit, 'approve'));
  expect(approved).toMatchObject({ status: 201, body: { events: [{ type: 'ActorShredded' }] } });
  expect(await entryOf('mayor')).toMatchObject({ id: 'mayor', name: 'mayor', aliases: [], takenDown: true });
  await newsroom.seen(approved.body.position);
  const { text: shown } = await newsroom.readers.get(path);
  expect(shown).toContain('Name withdrawn');
  expect(shown).not.toContain('Witness');
  expect(await ann.post('/stories/count/developments', said('Who?'))).toMatchObject({ status: 201 });
  await newsroom.seen(approved.body.position + 1);
  expect(await newsroom.everything()).not.toContain('Witness');

  // The name is free for another actor, and the entry may be written again.
  expect(await ann.post('/actors', { id: 'other', name: 'The Witness', kind: 'person' })).toMatchObject({
    status: 201,
  });
  expect(await ann.put('/actors/mayor', { name: 'The mayor', kind: 'person' })).toMatchObject({ status: 201 });
  expect(await entryOf('mayor')).not.toHaveProperty('takenDown');
  await newsroom.seen(approved.body.position + 3);
  await succeeds(audit(newsroom, 'verify'));
});
