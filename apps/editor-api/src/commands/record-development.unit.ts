import { evolve, noStory, type StoryEvent } from '#domain';
import { expect, test } from '@jest/globals';
import { Map as Dictionary } from 'immutable';
import { RecordDevelopment } from './record-development.js';

const commanded = (by: string, command = 'first-words') =>
  new RecordDevelopment({ command, by: { id: by }, roles: [] }, { story: 'storm' }, {} as RecordDevelopment['body']);

/** A newsroom in which these people recorded a development by the command that they gave. */
const after = (...recordings: [by: string, development: string][]) => ({
  stories: Dictionary({
    storm: recordings.reduce((state, [by, development], index) => {
      const outline = { kind: 'context', standing: 'reported' as const, conditions: [], digest: 'd'.repeat(64) };
      const event: StoryEvent = { type: 'DevelopmentRecorded', data: { development, outline, told: null } };
      const recorded = '2026-01-01T00:00:00.000Z';
      return evolve(state, event, { id: String(index).padStart(64, '0'), by: { id: by }, recorded });
    }, noStory),
  }),
});

test('a development’s id follows from the story and the key, also once its command is forgotten', () => {
  const id = commanded('ann').developmentIn(after());
  // Stored in logs: this is what it was from the first.
  expect(id).toBe('7f6f9aee-3727-548c-8736-469660d4bbe5');
  expect(commanded('ben').developmentIn(after())).toBe(id);
  expect(commanded('ann').developmentIn(after(['ann', id]))).toBe(id);
});

test('where another person recorded one under that key, it follows from the person too', () => {
  const id = commanded('ann').developmentIn(after());
  const own = commanded('ben').developmentIn(after(['ann', id]));
  expect(own).not.toBe(id);
  expect(commanded('ben').developmentIn(after(['ann', id], ['ben', own]))).toBe(own);
  expect(commanded('kim').developmentIn(after(['ann', id]))).not.toBe(own);
  expect(commanded('ann', 'first-words/ben').developmentIn(after())).not.toBe(own);
});
