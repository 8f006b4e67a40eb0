import { decisions, storyStream, type Author, type OpaqueEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import { id, said, secrets, story, withContent, Writing } from '../newsroom.fixture.js';
import { examineAll, unseen } from './examine.js';

const keysOf = async (developments: Iterable<string>) =>
  new Map([...developments].map(development => [development, { secret: secrets.get(development) }]));
const faultIn = async (log: Writing) => (await examineAll(unseen, log.read(), { keysOf })).first;

const [ann, ben, lea]: Author[] = [{ id: 'ann' }, { id: 'ben' }, { id: 'lea' }];
const reason = 'Nobody said so.';
const development = id(1);

/** A story with a takedown or a retraction that waits for the second person, and the proposal's id. */
function proposed(act: 'takedown' | 'retract'): [Writing, string] {
  const about = { development, told: { reason } };
  const log = new Writing()
    .register('mayor', 'The mayor')
    .decide(
      decisions.openStory({
        text: 'ffffffff-0000-4000-8000-000000000000',
        zone: 'Europe/Oslo',
        told: { title: 'The storm' },
      }),
    )
    .decide(decisions.recordDevelopment(withContent(1, said('No. 1'))))
    .decide(decisions.requireApprovals({ acts: ['retract'], as: 'legal' }), { by: lea! })
    .decide(
      act === 'takedown'
        ? decisions.proposeTakedown({ ...about, ground: 'legal', as: 'editor' })
        : decisions.proposeRetraction({ ...about, as: 'editor' }),
      { by: ann! },
    );
  return [log, log.records.at(-1)!.id];
}

const approval = (proposal: string, as: 'editor' | 'legal'): OpaqueEvent => ({
  type: 'ProposalApproved',
  data: { development, proposal, as },
});
const shredded = (proposal: string): OpaqueEvent => ({
  type: 'ContentShredded',
  data: { development, ground: 'legal', proposal },
});
const retracted = (why = reason): OpaqueEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: { reason: why } },
});
const stream = storyStream(story);
const not = (code: string) => ({ code: 'not-allowed', stream, seq: 5, detail: expect.stringContaining(code) });

describe('verifying acts that need two people', () => {
  test('acts by two people in their roles have no fault', async () => {
    const [takedown, first] = proposed('takedown');
    const log = takedown.append(stream, [approval(first, 'legal'), shredded(first)], { by: lea! });
    expect(await faultIn(log)).toBeUndefined();
    const [retraction, second] = proposed('retract');
    expect(
      await faultIn(retraction.append(stream, [approval(second, 'editor'), retracted()], { by: ben! })),
    ).toBeUndefined();
  });

  test.each<[string, 'editor' | 'legal', Author, string]>([
    ['one person alone', 'legal', ann!, 'second-person-needed'],
    ['two people in one role', 'editor', ben!, 'role-needed'],
  ])('a takedown by %s is a fault', async (_, as, by, code) => {
    const [log, proposal] = proposed('takedown');
    expect(await faultIn(log.append(stream, [approval(proposal, as), shredded(proposal)], { by }))).toMatchObject(
      not(code),
    );
  });

  test('an approval that names another commit is a fault', async () => {
    const [log] = proposed('takedown');
    const other = log.records.at(-2)!.id;
    expect(await faultIn(log.append(stream, [approval(other, 'legal'), shredded(other)], { by: lea! }))).toMatchObject(
      not('unknown-proposal'),
    );
  });

  test('an approval of a proposal about a development that was corrected since is a fault', async () => {
    const [log, proposal] = proposed('takedown');
    log.decide(decisions.correct(withContent(1, said('No. One'), { wrong: 'The number.', reason })));
    expect(
      await faultIn(log.append(stream, [approval(proposal, 'legal'), shredded(proposal)], { by: lea! })),
    ).toMatchObject({ ...not('unknown-proposal'), seq: 6 });
  });

  test('an act without an approval is a fault', async () => {
    const [log, proposal] = proposed('takedown');
    expect(await faultIn(log.append(stream, [shredded(proposal)], { by: lea! }))).toMatchObject(
      not('No decision begins with ContentShredded'),
    );
    const [retraction] = proposed('retract');
    expect(await faultIn(retraction.append(stream, [retracted()], { by: ben! }))).toMatchObject(not('approval-needed'));
  });

  test('an approval with another act or another reason than the proposal is a fault', async () => {
    const [log, proposal] = proposed('retract');
    expect(
      await faultIn(log.append(stream, [approval(proposal, 'editor'), shredded(proposal)], { by: ben! })),
    ).toMatchObject(not('the decision gives ProposalApproved, DevelopmentRetracted'));
    const [again, same] = proposed('retract');
    expect(
      await faultIn(again.append(stream, [approval(same, 'editor'), retracted('We like it less.')], { by: ben! })),
    ).toMatchObject(not('differs from the approved one'));
  });
});

describe('verifying the second edition of the rules', () => {
  const rules = 2;
  const at = (seq: number, code: string) => ({ ...not(code), seq });
  const recorded = () =>
    new Writing()
      .register('mayor', 'The mayor')
      .decide(
        decisions.openStory({
          text: 'ffffffff-0000-4000-8000-000000000000',
          zone: 'Europe/Oslo',
          told: { title: 'The storm' },
        }),
      )
      .decide(decisions.recordDevelopment({ ...withContent(1, said('No. 1')), as: 'editor', rules }), { by: ann! });
  const waiting = (): [Writing, string] => {
    const about = { development, told: { reason }, as: 'legal' as const, ground: 'legal' as const, rules } as const;
    const log = recorded().decide(decisions.proposeTakedown(about), { by: lea! });
    return [log, log.records.at(-1)!.id];
  };

  test('a reporter’s record of a key event is a fault', async () => {
    const { told, outline } = withContent(2, said('No. 2'));
    const data = { development: id(2), told, outline, as: 'reporter' as const, rules } as const;
    const forged: OpaqueEvent[] = [{ type: 'DevelopmentRecorded', data }];
    expect(await faultIn(recorded().append(stream, forged, { by: ben! }))).toBeUndefined();
    forged.push({ type: 'DevelopmentMarkedKey', data: { development: id(2) } });
    expect(await faultIn(recorded().append(stream, forged, { by: ben! }))).toMatchObject(at(3, 'role-needed'));
  });

  test('an approval by the proposer, with the id in another case, is a fault', async () => {
    const approvedBy = async (by: string) => {
      const [log, proposal] = waiting();
      const approved: OpaqueEvent = { type: 'ProposalApproved', data: { development, proposal, as: 'editor', rules } };
      return faultIn(log.append(stream, [approved, shredded(proposal)], { by: { id: by } }));
    };
    expect(await approvedBy('ann')).toBeUndefined();
    expect(await approvedBy('Lea')).toMatchObject(at(4, 'second-person-needed'));
  });

  test('a takedown proposal that an editor ended is a fault, even if the commit names no edition', async () => {
    const endedBy = async (more: object) => {
      const [log, proposal] = waiting();
      const data = { development, proposal, told: { reason }, ...more };
      return faultIn(log.append(stream, [{ type: 'ProposalWithdrawn', data }], { by: ben! }));
    };
    expect(await endedBy({ as: 'legal', rules })).toBeUndefined();
    expect(await endedBy({ as: 'editor', rules })).toMatchObject(at(4, 'role-needed'));
    expect(await endedBy({})).toMatchObject(at(4, 'former-rules'));
  });

  test('an act that one person alone took off the list is a fault', async () => {
    const set = () =>
      recorded().decide(decisions.requireApprovals({ acts: ['retract'], as: 'legal', rules }), { by: lea! });
    const off = { type: 'ApprovalsRequired' as const, data: { acts: [], as: 'legal' as const } };
    expect(await faultIn(set().append(stream, [off], { by: lea! }))).toMatchObject(at(4, 'former-rules'));
    const again = { ...off, data: { ...off.data, rules } } as OpaqueEvent;
    expect(await faultIn(set().append(stream, [again], { by: lea! }))).toMatchObject(at(4, 'loosening-takes-two'));
    const loosening = decisions.proposeApprovals({ acts: [], as: 'legal', reason: 'It is over.' });
    const log = set().decide(loosening, { by: lea! });
    const proposal = log.records.at(-1)!.id;
    const loosened: OpaqueEvent = { type: 'ApprovalsLoosened', data: { acts: [], proposal, as: 'editor', rules } };
    expect(await faultIn(log.append(stream, [loosened], { by: ann! }))).toBeUndefined();
  });
});
