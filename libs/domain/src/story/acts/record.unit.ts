import { expect, test } from '@jest/globals';
import { noStory } from '../state.js';
import { evolve, type StoryEvent } from '../story.js';
import { newDevelopmentId } from './record.js';

/** The id that this command gets from this person, after others recorded a development with the same key. */
const idFor = (by: string, recordings: [by: string, development: string][] = [], key = 'first-words') => {
  const story = recordings.reduce((state, [by, development], index) => {
    const outline = { kind: 'context', standing: 'reported' as const, conditions: [], digest: 'd'.repeat(64) };
    const event: StoryEvent = { type: 'DevelopmentRecorded', data: { development, outline, told: null } };
    const recorded = '2026-01-01T00:00:00.000Z';
    return evolve(state, event, { id: String(index).padStart(64, '0'), by: { id: by }, recorded });
  }, noStory);
  return newDevelopmentId({ key, by: { id: by }, target: { story: 'storm' } }, story);
};

test("a development's id is computed from the story and the command's key, and a retry gets the same id", () => {
  const id = idFor('ann');
  // Stored in logs: this value must never change.
  expect(id).toBe('7f6f9aee-3727-548c-8736-469660d4bbe5');
  expect(idFor('ben')).toBe(id);
  expect(idFor('ann', [['ann', id]])).toBe(id);
});

test('a second person who uses the same key gets another id, which is computed from the person too', () => {
  const id = idFor('ann');
  const own = idFor('ben', [['ann', id]]);
  expect(own).not.toBe(id);
  expect(
    idFor('ben', [
      ['ann', id],
      ['ben', own],
    ]),
  ).toBe(own);
  expect(idFor('kim', [['ann', id]])).not.toBe(own);
  expect(idFor('ann', [], 'first-words/ben')).not.toBe(own);
});
