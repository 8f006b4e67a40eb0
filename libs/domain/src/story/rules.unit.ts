import { describe, expect, test } from '@jest/globals';
import type { Author } from '../author.js';
import type { Content } from '../content.js';
import { digest } from '../digest.js';
import { isRefusal, type Refusal } from '../errors.js';
import { noStory, type StoryState, type StoryDecision } from './state.js';
import { decisions as decide, evolve, type StoryEvent, reconstructDecision } from './story.js';
import { outlineOf } from './payload.js';

const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const [ann, ben, lea, kim] = ['ann', 'ben', 'lea', 'kim'].map(id => ({ id })) as [Author, Author, Author, Author];
const rules = 2;

const withContent = (summary = 'It began') => {
  const content = {
    kind: 'context',
    data: { topic: 'The count', summary },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  } as unknown as Content;
  return { outline: outlineOf(content, digest(summary)), told: { content } };
};

type Act = readonly [by: Author, decision: StoryDecision];
const commitOf = (number: number) => String(number).padStart(64, '0');
const recordedAt = (number: number) => `2026-01-01T00:00:0${number}.000Z`;

/** A story in which each of these was decided by its author, in commits numbered from 1. */
const story = (...acts: Act[]): StoryState =>
  acts.reduce((state, [by, decision], index) => {
    const events = decision(state);
    if (isRefusal(events)) throw new Error(`${index + 1}: ${events.refused}`);
    // `verify` reconstructs the same decision.
    expect(reconstructDecision(events, by)!(state)).toEqual(events);
    const commit = { id: commitOf(index + 1), by, recorded: recordedAt(index + 1) };
    return events.reduce((before, event) => evolve(before, event, commit), state);
  }, noStory);

const types = (outcome: StoryEvent[] | Refusal) =>
  isRefusal(outcome) ? outcome.refused : outcome.map(({ type }) => type);

const recording = (development: string, more: object = {}) =>
  decide.recordDevelopment({ development, ...withContent(), as: 'editor', rules, ...more });
const open: Act = [
  ann,
  decide.openStory({
    text: 'ffffffff-0000-4000-8000-000000000000',
    zone: 'Europe/Berlin',
    told: { title: 'The count' },
  }),
];
const opened: Act[] = [open, [ann, recording(a)]];
const third = commitOf(3);

describe('a record made as a reporter', () => {
  const reporting = (more: object) => recording(b, { as: 'reporter', ...more })(story(...opened));

  test.each([
    ['supersedes', { supersedes: a }],
    ['key', { key: true }],
  ])("a reporter's record with the field %s, which only editors may set, is refused", (field, more) =>
    expect(reporting(more)).toMatchObject({ refused: 'role-needed', path: [field], allowed: ['editor'] }),
  );

  test("a reporter's record without these fields is accepted, and may be under embargo", () => {
    expect(types(reporting({ key: false }))).toEqual(['DevelopmentRecorded']);
    expect(types(reporting({ embargo: {} }))).toEqual(['DevelopmentRecorded', 'DevelopmentEmbargoed']);
  });

  test('the event of a record says whether it was made as reporter or as editor', () => {
    expect(reporting({})).toMatchObject([{ data: { as: 'reporter', rules: 2 } }]);
    expect(recording(b, { key: true, supersedes: a })(story(...opened))).toMatchObject([
      { data: { as: 'editor', rules: 2 } },
      { type: 'DevelopmentMarkedKey' },
      { type: 'DevelopmentSuperseded' },
    ]);
  });

  test("a log in which a reporter's record supersedes another does not verify", () => {
    const [recorded, superseded] = recording(b, { supersedes: a })(story(...opened)) as StoryEvent[];
    const forged = { ...recorded, data: { ...recorded!.data, as: 'reporter' } } as StoryEvent;
    expect(reconstructDecision([forged, superseded!], ben)!(story(...opened))).toMatchObject({
      refused: 'role-needed',
    });
  });

  test('a record without a role is refused', () =>
    expect(types(recording(b, { as: undefined })(story(...opened)))).toBe('role-needed'));
});

describe('the acts that need a second approval', () => {
  const required = decide.requireApprovals({ acts: ['retract'], as: 'legal', rules });
  const loosening = decide.proposeApprovals({ acts: [], as: 'legal', reason: 'It is over.' });
  const approving = (by: Author, as: 'editor' | 'legal', proposal = commitOf(4)) =>
    decide.approve({ proposal, as, by, told: null, rules });
  const set: Act[] = [...opened, [lea, required]];
  const proposed: Act[] = [...set, [lea, loosening]];

  test('one lawyer can require approvals, but cannot remove the requirement alone', () => {
    expect(story(...set).needApproval).toEqual(['retract']);
    const alone = decide.requireApprovals({ acts: [], as: 'legal', rules });
    expect(alone(story(...set))).toMatchObject({ refused: 'loosening-takes-two', path: ['acts'] });
  });

  test('the requirement is removed when a lawyer proposes it and an editor approves it', () => {
    expect(story(...proposed).needApproval).toEqual(['retract']);
    expect(types(decide.retract({ development: a, told: 'no' })(story(...proposed)))).toBe('approval-needed');
    const loosened = story(...proposed, [ben, approving(ben, 'editor')]);
    expect(loosened).toMatchObject({ needApproval: [] });
    expect(loosened.proposals.size).toBe(0);
    expect(types(decide.retract({ development: a, told: 'no' })(loosened))).toEqual(['DevelopmentRetracted']);
  });

  test('one person cannot remove the requirement, with other roles or another spelling of the id', () => {
    for (const id of ['lea', 'Lea', 'lea ', 'l\u200dea'])
      expect(types(approving({ id }, 'editor')(story(...proposed)))).toBe('second-person-needed');
    expect(approving(kim, 'legal')(story(...proposed))).toMatchObject({ refused: 'role-needed', allowed: ['editor'] });
  });

  test('the requirement stays if the proposal is declined, and the event has the reason', () => {
    const declining = decide.withdraw({
      proposal: commitOf(4),
      told: { reason: 'Not yet.' },
      by: ben,
      as: 'editor',
      rules,
    });
    const kept = story(...proposed, [ben, declining]);
    expect([kept.needApproval, kept.proposals.size]).toEqual([['retract'], 0]);
    expect(declining(story(...proposed))).toEqual([
      { type: 'ApprovalsKept', data: { proposal: commitOf(4), as: 'editor', reason: 'Not yet.', rules: 2 } },
    ]);
  });

  test('a proposal that repeats an open one or removes nothing is refused, and one without effect gives no event', () => {
    expect(loosening(story(...proposed))).toMatchObject({ refused: 'proposal-open', allowed: [commitOf(4)] });
    expect(loosening(story(...opened))).toEqual([]);
    expect(types(decide.proposeApprovals({ acts: ['retract'], as: 'legal', reason: 'So.' })(story(...opened)))).toBe(
      'nothing-taken-off',
    );
    expect(types(loosening(noStory))).toBe('unknown-story');
  });
});

describe('a proposed takedown', () => {
  const takedown = (as: 'editor' | 'legal') =>
    decide.proposeTakedown({ development: a, told: 'libel', as, ground: 'legal', rules });
  const correcting = decide.correct({ development: a, ...withContent('It ended') });
  const ending = (by: Author, as: 'editor' | 'legal') =>
    decide.withdraw({ proposal: third, told: { reason: 'No.' }, by, as, rules });
  const approving = (by: Author, as: 'editor' | 'legal') =>
    decide.approve({ proposal: third, as, by, told: null, rules });
  const proposed = (as: 'editor' | 'legal'): Act[] => [...opened, [as === 'legal' ? lea : ann, takedown(as)]];

  test('a correction does not end a proposed takedown, and the proposal records when it happened', () => {
    const corrected = story(...proposed('legal'), [ann, correcting]);
    expect(corrected.proposals.get(third)).toMatchObject({ act: 'takedown', corrected: recordedAt(4) });
    expect(types(approving(ann, 'editor')(corrected))).toEqual(['ProposalApproved', 'ContentShredded']);
  });

  test.each(['editor', 'legal'] as const)(
    'a takedown proposed as %s can be withdrawn by its author or a lawyer, not by another editor',
    as => {
      const waiting = story(...proposed(as));
      expect(ending(ben, 'editor')(waiting)).toMatchObject({ refused: 'role-needed', allowed: ['legal'] });
      expect(types(ending(kim, 'legal')(waiting))).toEqual(['ProposalWithdrawn']);
      expect(types(ending(as === 'legal' ? lea : ann, as)(waiting))).toEqual(['ProposalWithdrawn']);
    },
  );

  test('under the third edition a person is the id byte by byte, whatever the name', () => {
    const waiting = story(...proposed('editor'));
    const approving = (by: Author) => decide.approve({ proposal: third, as: 'legal', by, told: null, rules: 3 });
    expect(types(approving({ id: 'ann', name: 'Somebody Else' })(waiting))).toBe('second-person-needed');
    for (const by of [{ id: 'ann2', name: 'Ann' }, { id: 'Ann', name: 'Ann' }, { id: '\uff41nn' }])
      expect(types(approving(by)(waiting))).toContain('ContentShredded');
    // Nor does a look-alike end a proposal as its author.
    const ending = (id: string) =>
      decide.withdraw({ proposal: third, told: { reason: 'No.' }, by: { id }, as: 'editor', rules: 3 });
    expect(types(ending('ann')(waiting))).toEqual(['ProposalWithdrawn']);
    expect(types(ending('Ann')(waiting))).toBe('role-needed');
  });

  test('a story that has a decision of the third edition refuses the second', () => {
    const approved = story(...proposed('editor'), [
      lea,
      decide.approve({ proposal: third, as: 'legal', by: lea, told: null, rules: 3 }),
    ]);
    expect(approved.rules).toBe(3);
    expect(types(recording(b)(approved))).toBe('former-rules');
  });

  test('under the second edition a takedown cannot be approved by its author under another spelling of the id', () => {
    const waiting = story(...proposed('editor'));
    for (const id of ['Ann', 'ANN', 'ann\t', '\uff41nn'])
      expect(types(approving({ id }, 'legal')(waiting))).toBe('second-person-needed');
    expect(types(approving(lea, 'legal')(waiting))).toContain('ContentShredded');
  });
});

describe('a proposed retraction', () => {
  const proposed: Act[] = [...opened, [ann, decide.proposeRetraction({ development: a, told: 'doubt', as: 'editor' })]];

  test('a proposed retraction lapses with a correction, as the approver has not seen the new content', () =>
    expect(
      story(...proposed, [ben, decide.correct({ development: a, ...withContent('It ended') })]).proposals.size,
    ).toBe(0));

  test('a proposed retraction can be ended by another editor, not by a lawyer', () => {
    const ending = (by: Author, as: 'editor' | 'legal') =>
      decide.withdraw({ proposal: third, told: 'no', by, as, rules })(story(...proposed));
    expect(types(ending(ben, 'editor'))).toEqual(['ProposalWithdrawn']);
    expect(ending(lea, 'legal')).toMatchObject({ refused: 'role-needed', allowed: ['editor'] });
  });
});

describe('a decision under the first edition of the rules', () => {
  const formerly = (development: string, more: object = {}) =>
    decide.recordDevelopment({ development, ...withContent(), ...more });
  const before: Act[] = [open, [ann, formerly(a)]];
  const loosened = decide.requireApprovals({ acts: [], as: 'legal' });
  const required = decide.requireApprovals({ acts: ['retract'], as: 'legal' });
  const takedown = decide.proposeTakedown({ development: a, told: 'libel', as: 'legal', ground: 'legal' });
  const approval = (by: Author) => decide.approve({ proposal: third, as: 'editor', by, told: null });

  test('a decision under the first edition is reconstructed unchanged', () => {
    story(...before, [ben, formerly(b, { supersedes: a, key: true })]);
    expect(story(...before, [lea, required], [lea, loosened]).needApproval).toEqual([]);
    const waiting: Act[] = [...before, [lea, takedown]];
    expect(types(approval({ id: 'Lea' })(story(...waiting)))).toContain('ContentShredded');
    expect(
      story(...waiting, [ann, decide.correct({ development: a, ...withContent('It ended') })]).proposals.size,
    ).toBe(0);
    const declined = decide.withdraw({ proposal: third, told: 'no', by: ben });
    expect(declined(story(...waiting))).toEqual([
      { type: 'ProposalWithdrawn', data: { development: a, proposal: third, told: 'no' } },
    ]);
  });

  test('a decision under the first edition is refused in a story that has one under the second', () => {
    const since = story(...before, [lea, required], [ann, recording(b)]);
    expect(since.rules).toBe(2);
    const c = b.replaceAll('b', 'c');
    for (const decision of [
      formerly(c),
      loosened,
      takedown,
      approval(ben),
      decide.withdraw({ proposal: third, told: 'no', by: ben }),
    ])
      expect(types(decision(since))).toBe('former-rules');
  });
});
