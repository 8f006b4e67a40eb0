import { decisions, storyStream, type CommitAuthor, type OpaqueEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import { id, said, secrets, story, withContent, Writing } from '../newsroom.fixture.js';
import { examineAll, unseen } from './examine.js';

const keysOf = async (developments: Iterable<string>) =>
  new Map([...developments].map(development => [development, { secret: secrets.get(development) }]));
const faultsIn = async (log: Writing) => {
  const { first, faults } = await examineAll(unseen, log.read(), { keysOf });
  return { first, faults };
};

const [ann, ed, rita]: CommitAuthor[] = [{ id: 'ann' }, { id: 'ed' }, { id: 'rita' }];
const stream = storyStream(story);
const rules = 2 as const;
const header = {
  text: 'ffffffff-0000-4000-8000-000000000000',
  zone: 'Europe/Oslo',
  told: { title: 'The storm' },
};

/** A story whose team is its chief `ann`, the editor `ed` and the reporter `rita`, with a post of `rita`. */
const written = () =>
  new Writing()
    .register('mayor', 'The mayor')
    .decide(decisions.openStory({ ...header, chief: 'ann' }), { by: ann! })
    .decide(decisions.nameMember({ member: 'ed', role: 'editor', as: 'chief' }), { by: ann! })
    .decide(decisions.nameMember({ member: 'rita', role: 'reporter', as: 'chief' }), { by: ann! })
    .decide(decisions.recordDevelopment({ ...withContent(1, said('No. 1')), as: 'reporter', rules }), { by: rita! });

const corrected = (): OpaqueEvent => ({
  type: 'DevelopmentCorrected',
  data: withContent(1, said('No. One'), { wrong: 'The number.', reason: 'Heard again.' }),
});
const pinned: OpaqueEvent = { type: 'DevelopmentPinned', data: { development: id(1) } };

/** The first fault after a record that somebody appends past the editor-api, with the right to write to the topic. */
const forgedBy = async (by: CommitAuthor, event: OpaqueEvent = pinned, log = written()) =>
  faultsIn(log.append(stream, [event], { by }));
const fault = (detail: string, seq = 5) => ({
  faults: 1,
  first: { code: 'not-in-team', stream, seq, detail: expect.stringContaining(detail) },
});

describe('verifying who was allowed then', () => {
  test('what members did in their roles has no fault', async () => {
    expect(await faultsIn(written())).toEqual({ first: undefined, faults: 0 });
    expect(await forgedBy(ed!)).toEqual({ first: undefined, faults: 0 });
    expect(await forgedBy(rita!, corrected())).toEqual({ first: undefined, faults: 0 });
  });

  test('a commit that somebody outside of the team appended with a stolen Kafka password is a named fault', async () => {
    expect(await forgedBy({ id: 'eve' })).toMatchObject(fault('DevelopmentPinned is by eve: not-in-team'));
    // A name is nobody, and neither is another case.
    expect(await forgedBy({ id: 'eve', name: 'ann' })).toMatchObject(fault('eve'));
    expect(await forgedBy({ id: 'Ann' })).toMatchObject(fault('Ann'));
    expect(await forgedBy({ id: 'dateline' })).toMatchObject(fault('dateline'));
  });

  test('an act in too low a role is a named fault, and so is a post of others that a reporter corrects', async () => {
    expect(await forgedBy(rita!)).toMatchObject(fault('role-needed'));
    const others = written().decide(
      decisions.recordDevelopment({ ...withContent(2, said('No. 2')), as: 'editor', rules }),
      { by: ed! },
    );
    const data = withContent(2, said('No. Two'), { wrong: 'The number.', reason: 'Heard again.' });
    const fixed: OpaqueEvent = { type: 'DevelopmentCorrected', data };
    expect(await forgedBy(rita!, fixed, others)).toMatchObject(fault('role-needed', 6));
  });

  test('a program is its maker: with the maker’s rights then, and none without', async () => {
    expect(await forgedBy({ id: 'machine:1', maker: 'ed' })).toEqual({ first: undefined, faults: 0 });
    expect(await forgedBy({ id: 'machine:1', maker: 'rita' })).toMatchObject(fault('a program of rita,'));
    const without = () => written().decide(decisions.removeMember({ member: 'ed', as: 'chief' }), { by: ann! });
    expect(await forgedBy({ id: 'machine:1', maker: 'ed' }, pinned, without())).toMatchObject(fault('not-in-team', 6));
    // What was done before is no fault.
    const before = written().append(stream, [pinned], { by: ed! }).read();
    expect((await examineAll(unseen, before, { keysOf })).faults).toBe(0);
  });

  test('somebody who makes themselves chief is a named fault', async () => {
    const chief: OpaqueEvent = { type: 'MemberNamed', data: { member: 'eve', role: 'chief', as: 'chief' } };
    expect(await forgedBy({ id: 'eve' }, chief)).toMatchObject(fault('MemberNamed is by eve: not-in-team'));
  });

  test('in a story of the whole newsroom everybody is as before', async () => {
    const log = new Writing()
      .register('mayor', 'The mayor')
      .decide(decisions.openStory(header))
      .decide(decisions.recordDevelopment(withContent(1, said('No. 1'))));
    expect(await forgedBy({ id: 'eve' }, pinned, log)).toEqual({ first: undefined, faults: 0 });
    const chief: OpaqueEvent = { type: 'MemberNamed', data: { member: 'eve', role: 'chief', as: 'chief' } };
    expect((await forgedBy({ id: 'eve' }, chief, log)).first).toMatchObject({
      code: 'not-allowed',
      detail: expect.stringContaining('no-team'),
    });
  });
});
