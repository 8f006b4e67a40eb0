import { describe, expect, test } from '@jest/globals';
import { anyOrigin } from '../../given.spec-helper.js';
import { noStory, type StoryDecision } from '../state.js';
import { evolve, reconstructDecision, type StoryEvent } from '../story.js';
import { closeStory, reopenStory } from './close.js';
import { settleCondition } from './conditions.js';

const received = '2026-01-01T12:00:00.000Z';
const open = evolve(noStory, { type: 'StoryOpened', data: { title: 'S', zone: 'UTC' } }, anyOrigin);
const outline = {
  kind: 'statement' as const,
  standing: 'reported' as const,
  conditions: ['rain'],
  digest: 'd'.repeat(64),
};
const hanging = evolve(
  open,
  { type: 'DevelopmentRecorded', data: { development: 'a', outline, told: null } },
  anyOrigin,
);

type Given = { command: unknown; decide: unknown };
const decided = (act: Given, state: typeof open, body: object, target: object = { story: 's' }) => {
  const request = { key: 'c', by: { id: 'ed' }, roles: ['editor'], received, target, body };
  const command = (act.command as (request: object, known: object) => object)(request, { story: state });
  if ('refused' in command) return command;
  return (act.decide as (command: object) => StoryDecision)(command)(state);
};
const text = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('closing a story', () => {
  test('records when coverage ended, now unless it is said, and where it goes on; the reason is sealed', () => {
    expect(decided(closeStory, open, { reason: 'It is over.', continues: 'next' })).toEqual([
      {
        type: 'StoryClosedSealed',
        data: { text, ended: received, continues: 'next', told: { reason: 'It is over.' } },
      },
    ]);
    const ended = '2026-01-01T11:00:00.000Z';
    expect(decided(closeStory, open, { ended })).toMatchObject([{ data: { ended, told: {} } }]);
  });

  test('is refused with an end in the future, and in the story itself', () => {
    expect(decided(closeStory, open, { ended: '2026-01-01T12:00:00.001Z' })).toMatchObject({ path: ['ended'] });
    expect(decided(closeStory, open, { continues: 's' })).toMatchObject({ path: ['continues'] });
  });

  test('and reopening it are decided again from their events, those of earlier versions too', () => {
    const [closing] = decided(closeStory, open, { reason: 'Over.' }) as StoryEvent[];
    const closed = evolve(open, closing!, anyOrigin);
    const [reopening] = decided(reopenStory, closed, { reason: 'Not over.' }) as StoryEvent[];
    expect(reopening).toEqual({ type: 'StoryReopenedSealed', data: { text, told: { reason: 'Not over.' } } });
    const former: StoryEvent = { type: 'StoryClosed', data: { reason: 'Over.' } };
    for (const [event, before] of [
      [closing!, open],
      [reopening!, closed],
      [former, open],
    ] as const)
      expect(reconstructDecision([event], anyOrigin.by)!(before)).toEqual([event]);
    expect(decided(closeStory, closed, {})).toEqual([]);
    expect(decided(reopenStory, open, {})).toEqual([]);
  });
});

test('the reason for settling a condition is sealed', () => {
  const target = { story: 's', condition: 'rain' };
  const [event] = decided(settleCondition, hanging, { fate: 'met', reason: 'It rains.' }, target) as StoryEvent[];
  expect(event).toEqual({
    type: 'ConditionSettledSealed',
    data: { text, condition: 'rain', fate: 'met', told: { reason: 'It rains.' } },
  });
  expect(reconstructDecision([event!], anyOrigin.by)!(hanging)).toEqual([event]);
  const settled = evolve(hanging, event!, anyOrigin);
  expect(settled.settled.get('rain')).toBe('met');
  expect(decided(settleCondition, settled, { fate: 'met', reason: 'Again.' }, target)).toEqual([]);
});
