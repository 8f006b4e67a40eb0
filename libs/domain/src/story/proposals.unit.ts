import { describe, expect, test } from '@jest/globals';
import type { Content } from '../content.js';
import { digest } from '../digest.js';
import { isRefusal, type Refusal } from '../errors.js';
import { noStory, type StoryState, type StoryDecision } from './state.js';
import { decisions as decide, evolve, type StoryEvent } from './story.js';
import { outlineOf } from './payload.js';

const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const [ann, ben, lea] = ['ann', 'ben', 'lea'].map(id => ({ id })) as [{ id: string }, { id: string }, { id: string }];
const commitOf = (number: number) => String(number).padStart(64, '0');
const content = (summary: string) =>
  ({
    kind: 'context',
    data: { topic: 'The count', summary },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  }) as unknown as Content;
const withContent = (summary = 'It began') => ({
  outline: outlineOf(content(summary), digest(summary)),
  told: { content: content(summary) },
});

/** A story in which each of these was decided by its author, in commits numbered from 1. */
function story(...acts: [by: { id: string }, decision: StoryDecision][]): StoryState {
  return acts.reduce((state, [by, decision], index) => {
    const events = decision(state);
    if (isRefusal(events)) throw new Error(`${index + 1}: ${events.refused}`);
    const commit = { id: commitOf(index + 1), by, recorded: '2026-01-01T00:00:00.000Z' };
    return events.reduce((before, event) => evolve(before, event, commit), state);
  }, noStory);
}

const opened: Act[] = [
  [
    ann,
    decide.openStory({
      text: 'ffffffff-0000-4000-8000-000000000000',
      zone: 'Europe/Berlin',
      told: { title: 'The count' },
    }),
  ],
  [ann, decide.recordDevelopment({ development: a, ...withContent() })],
  [ann, decide.recordDevelopment({ development: b, ...withContent(), supersedes: a })],
];
type Act = [by: { id: string }, decision: StoryDecision];
const fourth = commitOf(4);
const retraction = decide.proposeRetraction({ development: b, told: 'doubt', as: 'editor' });
const takedown = (as: 'editor' | 'legal', development = b) =>
  decide.proposeTakedown({ development, told: 'libel', as, ground: 'legal' });
const approving = (by: { id: string }, as: 'editor' | 'legal', proposal = fourth) =>
  decide.approve({ proposal, as, by, told: 'doubt' });
const required = decide.requireApprovals({ acts: ['retract'], as: 'legal' });

const types = (outcome: StoryEvent[] | Refusal) =>
  isRefusal(outcome) ? outcome.refused : outcome.map(({ type }) => type);

describe('a proposed retraction', () => {
  const proposed: Act[] = [...opened, [ann, retraction]];

  test("a second editor's approval records the retraction in the same commit", () => {
    expect(approving(ben, 'editor')(story(...proposed))).toEqual([
      { type: 'ProposalApproved', data: { development: b, proposal: fourth, as: 'editor' } },
      { type: 'DevelopmentRetracted', data: { development: b, told: 'doubt' } },
      { type: 'DevelopmentReinstated', data: { development: a, retracted: b } },
    ]);
  });
  test('neither its author nor a person in another role can approve it', () => {
    expect(types(approving(ann, 'editor')(story(...proposed)))).toBe('second-person-needed');
    expect(approving(lea, 'legal')(story(...proposed))).toMatchObject({ refused: 'role-needed', allowed: ['editor'] });
  });
  test('it cannot be proposed again while the first proposal is open', () =>
    expect(retraction(story(...proposed))).toMatchObject({ refused: 'proposal-open', allowed: [fourth] }));
  test('the developments do not change before the proposal is approved', () =>
    expect(story(...proposed).developments).toEqual(story(...opened).developments));
  test.each<[string, StoryDecision]>([
    ['withdrawn', decide.withdraw({ proposal: fourth, told: 'it was right', by: ann })],
    ['lapsed with a correction', decide.correct({ development: b, ...withContent('It ended') })],
    ['lapsed with a retraction by one person', decide.retract({ development: b, told: 'wrong' })],
  ])('it can no longer be approved when %s', (_, decision) =>
    expect(approving(ben, 'editor')(story(...proposed, [ann, decision]))).toMatchObject({
      refused: 'unknown-proposal',
      allowed: [],
    }),
  );
  test('it cannot be approved a second time', () =>
    expect(types(approving(ben, 'editor')(story(...proposed, [ben, approving(ben, 'editor')])))).toBe(
      'unknown-proposal',
    ));
  test("an approval with another id than the proposal's commit is refused, with the ids of the open proposals", () =>
    expect(approving(ben, 'editor', commitOf(3))(story(...proposed))).toMatchObject({
      refused: 'unknown-proposal',
      allowed: [fourth],
    }));
});

describe('a story that is set to need approvals', () => {
  const set: Act[] = [...opened, [lea, required]];

  test('one person alone cannot retract, but a second person can approve a proposed retraction', () => {
    expect(types(decide.retract({ development: b, told: 'wrong' })(story(...set)))).toBe('approval-needed');
    const proposed = story(...set, [ann, retraction]);
    expect(types(approving(ben, 'editor', commitOf(5))(proposed))).toContain('DevelopmentRetracted');
  });
  test('requiring approvals a second time gives no event, and the requirement can be removed', () => {
    expect(required(story(...set))).toEqual([]);
    const back = decide.requireApprovals({ acts: [], as: 'legal' });
    expect(types(decide.retract({ development: b, told: 'wrong' })(story(...set, [lea, back])))).toContain(
      'DevelopmentRetracted',
    );
  });
  test('requiring approvals in a story that does not exist is refused', () =>
    expect(types(required(noStory))).toBe('unknown-story'));
});

describe('a proposed takedown', () => {
  test.each([
    ['editor', 'legal'],
    ['legal', 'editor'],
  ] as const)('a takedown needs two people in two roles: proposed as %s, approved as %s', (first, second) => {
    const proposed = story(...opened, [ann, takedown(first)]);
    expect(types(approving(ann, second)(proposed))).toBe('second-person-needed');
    expect(approving(lea, first)(proposed)).toMatchObject({ refused: 'role-needed', allowed: [second] });
    expect(approving(lea, second)(proposed)).toEqual([
      { type: 'ProposalApproved', data: { development: b, proposal: fourth, as: second } },
      { type: 'ContentShredded', data: { development: b, ground: 'legal', proposal: fourth } },
      { type: 'DevelopmentReinstated', data: { development: a, retracted: b } },
    ]);
  });
  test('a takedown can be proposed for a retracted or superseded development and for one under embargo', () => {
    const gone = story(...opened, [ann, decide.retract({ development: b, told: 'wrong' })]);
    expect(types(takedown('editor')(gone))).toEqual(['TakedownProposed']);
    expect(types(takedown('editor', a)(story(...opened)))).toEqual(['TakedownProposed']);
    const c = b.replaceAll('b', 'c');
    const hidden = decide.recordDevelopment({ development: c, ...withContent(), embargo: {} });
    expect(types(takedown('editor', c)(story(...opened, [ann, hidden])))).toEqual(['TakedownProposed']);
  });
  test('a proposed takedown stays open after a retraction, and lapses with a correction', () => {
    const proposed: Act[] = [...opened, [ann, takedown('editor')]];
    const retract = decide.retract({ development: b, told: 'wrong' });
    expect(types(approving(lea, 'legal')(story(...proposed, [ann, retract])))).toContain('ContentShredded');
    const correct = decide.correct({ development: b, ...withContent('It ended') });
    expect(types(approving(lea, 'legal')(story(...proposed, [ann, correct])))).toBe('unknown-proposal');
  });
});

describe('a development that was taken down', () => {
  const taken = story(
    ...opened,
    [ann, decide.pin({ development: b })],
    [ann, takedown('editor')],
    [lea, approving(lea, 'legal', commitOf(5))],
  );

  test('it is no longer pinned, and the developments that it had superseded are reinstated', () => {
    expect(taken.pinned).toBeUndefined();
    expect([a, b].map(id => taken.developments.get(id)?.status)).toEqual(['active', 'taken-down']);
  });
  test('proposing its takedown again gives no event', () => expect(takedown('legal')(taken)).toEqual([]));
  test('every further act on it is refused with development-taken-down', () => {
    const path = ['by'];
    for (const decision of [
      decide.correct({ development: b, ...withContent('It ended') }),
      decide.retract({ development: b, told: 'wrong' }),
      decide.pin({ development: b }),
      decide.link({ development: b, to: a, as: 'follows' }),
      decide.supersede({ development: b, by: a }),
      retraction,
    ])
      expect(decision(taken)).toMatchObject({ refused: 'development-taken-down' });
    expect(decide.supersede({ development: a, by: b })(taken)).toMatchObject({
      refused: 'development-taken-down',
      path,
    });
    expect(decide.link({ development: a, to: b, as: 'follows' })(taken)).toMatchObject({
      refused: 'development-taken-down',
      path: ['to'],
    });
  });
});
