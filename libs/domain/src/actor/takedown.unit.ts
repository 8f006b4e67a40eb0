import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../errors.js';
import { anyOrigin } from '../given.spec-helper.js';
import { amendActor, evolveActor, noActor, registerActor, textsOfActor, versionsOfActor } from './actor.js';
import type { ActorEvent, ActorProfile, ActorState } from './actor.js';
import { actorActs } from './acts.js';
import { emptyDirectory, evolveDirectory, resolveActor } from './directory.js';
import { reconstructActorDecision } from './reconstruct.js';
import { actorTakedownActs } from './takedown-acts.js';
import { approveActorTakedown, proposeActorTakedown, withdrawActorTakedown } from './takedown.js';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [first, second, third] = [1, 2, 3].map(id) as [string, string, string];
const words = { name: 'Ada Quist', aliases: ['Quist'] };
const profile: ActorProfile = { ...words, kind: 'person', affiliations: [] };
const version = (text: string) => ({ text, told: words, kind: 'person' as const, affiliations: [] });
const registered: ActorEvent = { type: 'ActorRegisteredSealed', data: version(first) };
const amended: ActorEvent = { type: 'ActorAmendedSealed', data: version(second) };
const proposal = 'a'.repeat(64);
const [ann, ben, lea] = ['ann', 'ben', 'lea'].map(id => ({ id })) as [{ id: string }, { id: string }, { id: string }];
const told = { reason: 'It is another person.' };
const proposed: ActorEvent = {
  type: 'ActorTakedownProposed',
  data: { text: first, told, ground: 'privacy', as: 'editor', rules: 2 },
};
const shredded = (...texts: string[]): ActorEvent => ({
  type: 'ActorShredded',
  data: { texts, ground: 'privacy', proposal, as: 'legal', rules: 2 },
});
const withdrawn: ActorEvent = {
  type: 'ActorTakedownWithdrawn',
  data: { text: first, told, proposal, as: 'editor', rules: 2 },
};
/** The state after these events, each in a commit of its own; Ann made the proposal. */
const after = (...events: ActorEvent[]): ActorState =>
  events.reduce(
    (state: ActorState, event) => evolveActor(state, event, { ...anyOrigin, id: proposal, by: ann }),
    noActor,
  );

const rules = 2 as const;
const proposes = proposeActorTakedown({ told, ground: 'privacy', as: 'editor' });
const approves = approveActorTakedown({ proposal, as: 'legal', by: lea, rules });
const withdraws = withdrawActorTakedown({ proposal, as: 'editor', by: ann, told, rules });

describe('the takedown of an actor’s entry', () => {
  test('a person proposes it, and the proposal names the current version', () => {
    expect(proposes(after(registered))).toEqual([proposed]);
    expect(proposes(after(registered, amended))).toMatchObject([{ data: { text: second } }]);
  });
  test('it is refused for an unknown actor, while a proposal is open, and for an entry that the log has in the clear', () => {
    expect(proposes(noActor)).toMatchObject({ refused: 'unknown-actor-id' });
    expect(proposes(after(registered, proposed))).toMatchObject({ refused: 'proposal-open', allowed: [proposal] });
    expect(proposes(after({ type: 'ActorRegistered', data: profile }))).toMatchObject({ refused: 'entry-in-clear' });
  });
  test('an entry that is taken down already gets no event', () =>
    expect(proposes(after(registered, proposed, shredded(first)))).toEqual([]));

  test('its approval names every version whose key exists, also one that is newer than the proposal', () => {
    expect(approves(after(registered, proposed))).toEqual([shredded(first)]);
    expect(approves(after(registered, proposed, amended))).toEqual([shredded(first, second)]);
    const again = after(registered, proposed, shredded(first), amended, proposed);
    expect(approves(again)).toEqual([shredded(second)]);
    const clear: ActorEvent = { type: 'ActorAmended', data: profile };
    expect(approves(after(registered, clear, amended, proposed))).toEqual([shredded(first, second)]);
  });
  test('another person in the other role approves it', () => {
    const state = after(registered, proposed);
    const by = (by: { id: string; name?: string }, as: 'editor' | 'legal', rules: 2 | 3 = 2) =>
      approveActorTakedown({ proposal, as, by, rules })(state);
    expect(by(ann, 'legal')).toMatchObject({ refused: 'second-person-needed' });
    expect(by({ id: 'ANN' }, 'legal')).toMatchObject({ refused: 'second-person-needed' });
    // Since the third edition ids are compared as they are, and a name is nobody.
    expect(by({ ...ann, name: 'Other' }, 'legal', 3)).toMatchObject({ refused: 'second-person-needed' });
    expect(by({ id: 'ANN', name: ann.id }, 'legal', 3)).toMatchObject([{ type: 'ActorShredded', data: { rules: 3 } }]);
    expect(by(ben, 'editor')).toMatchObject({ refused: 'role-needed', allowed: ['legal'] });
    const other = approveActorTakedown({ proposal: 'b'.repeat(64), as: 'legal', by: lea, rules });
    expect(other(state)).toMatchObject({ refused: 'unknown-proposal', allowed: [proposal] });
    expect(approves(noActor)).toMatchObject({ refused: 'unknown-actor-id' });
  });
  test('its author or a lawyer ends a proposal, and no other editor does', () => {
    const state = after(registered, proposed);
    const by = (by: { id: string }, as: 'editor' | 'legal') =>
      withdrawActorTakedown({ proposal, as, by, told, rules })(state);
    expect(by(ann, 'editor')).toEqual([withdrawn]);
    expect(by(lea, 'legal')).toMatchObject([{ type: 'ActorTakedownWithdrawn', data: { as: 'legal' } }]);
    expect(by(ben, 'editor')).toMatchObject({ refused: 'role-needed', allowed: ['legal'] });
    expect(withdraws(after(registered, proposed, withdrawn))).toMatchObject({ refused: 'unknown-proposal' });
    expect(proposes(after(registered, proposed, withdrawn))).toEqual([proposed]);
  });
  test('each decision can be made again from its event', () => {
    const again = (event: ActorEvent, by: { id: string }, state: ActorState) =>
      reconstructActorDecision([event], by)!(state);
    expect(again(proposed, ann, after(registered))).toEqual([proposed]);
    expect(again(shredded(first), lea, after(registered, proposed))).toEqual([shredded(first)]);
    expect(again(withdrawn, ann, after(registered, proposed))).toEqual([withdrawn]);
    // One that leaves out a version is not the decision.
    expect(again(shredded(first), lea, after(registered, amended, proposed))).toEqual([shredded(first, second)]);
    expect(again(shredded(first), ann, after(registered, proposed))).toMatchObject({ refused: 'second-person-needed' });
  });
});

describe('after the takedown', () => {
  const gone = after(registered, amended, proposed, shredded(first, second));
  test('the actor stays registered, and an amendment begins a new version, even one with the same words', () => {
    expect(textsOfActor(gone)).toEqual([]);
    const next = { ...version(third), isUnchanged: true };
    expect(amendActor(next)(gone)).toEqual([{ type: 'ActorAmendedSealed', data: version(third) }]);
    expect(registerActor(next)(gone)).toMatchObject({ refused: 'actor-exists' });
    expect(textsOfActor(evolveActor(gone, { type: 'ActorAmendedSealed', data: version(third) }, anyOrigin))).toEqual([
      third,
    ]);
  });
  test('the names lead to nobody any more', () => {
    const directory = [registered, proposed, shredded(first)].reduce(
      (all, event) => evolveDirectory(all, 'ada', event),
      emptyDirectory,
    );
    expect(isRefusal(resolveActor(directory, 'Quist'))).toBe(true);
    expect(resolveActor(directory, 'ada')).toBe('ada');
    expect(directory.sealed.has('ada')).toBe(false);
  });
});

test('an entry may have 200 versions, and one more is refused; retrying the last one is not', () => {
  const versions = (count: number) =>
    after(
      registered,
      ...Array.from({ length: count - 1 }, (_, n): ActorEvent => ({
        type: 'ActorAmendedSealed',
        data: version(id(n + 10)),
      })),
    );
  const amend = actorActs.amendActor.decide(profile, 'ada', emptyDirectory, third);
  expect(versionsOfActor).toBe(200);
  expect(amend(versions(199))).toMatchObject([{ type: 'ActorAmendedSealed' }]);
  expect(amend(versions(200))).toMatchObject({ refused: 'too-many', detail: expect.stringContaining('200') });
  const unchanged = evolveDirectory(emptyDirectory, 'ada', { type: 'ActorAmended', data: profile });
  expect(actorActs.amendActor.decide(profile, 'ada', unchanged, third)(versions(200))).toEqual([]);
});

test('a person with both roles acts in the one that the proposal needs', () => {
  const both = ['editor', 'legal'];
  const {
    proposeActorTakedown: propose,
    approveActorTakedown: approve,
    withdrawActorTakedown: withdraw,
  } = actorTakedownActs;
  const request = { by: lea, roles: both, proposal };
  expect(approve.decide({ ...request, body: {} })(after(registered, proposed))).toMatchObject([
    { type: 'ActorShredded', data: { texts: [first], as: 'legal', rules: 3 } },
  ]);
  const body = { ground: 'privacy' as const, reason: 'It is wrong.' };
  expect(propose.decide({ ...request, body })(after(registered))).toMatchObject([{ data: { as: 'editor' } }]);
  const lawyer = propose.decide({ ...request, roles: ['editor'], body: { ...body, as: 'legal' as const } });
  expect(lawyer(after(registered))).toMatchObject({ refused: 'role-needed', allowed: ['editor'] });
  const ended = withdraw.decide({ ...request, body: { reason: 'It is right.' } });
  expect(ended(after(registered, proposed))).toMatchObject([
    { data: { as: 'legal', told: { reason: 'It is right.' } } },
  ]);
});
