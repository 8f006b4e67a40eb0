import { describe, expect, test } from '@jest/globals';
import type { Content } from '../../content.js';
import { digest } from '../../digest.js';
import { anyOrigin, specOf } from '../../given.spec-helper.js';
import { noStory, type StoryState } from '../state.js';
import { decisions as decide, evolve, type StoryEvent } from '../story.js';
import { outlineOf } from '../payload.js';

const given = specOf(noStory, evolve);
const step = (state: StoryState, event: StoryEvent) => evolve(state, event, anyOrigin);
const [a, b, unknown] = ['a', 'b', 'f'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const content = {
  kind: 'context',
  data: { topic: 'The count', summary: 'It began' },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
} as unknown as Content;
const withContent = { outline: outlineOf(content, digest(content)), told: { content } };
const two: StoryEvent[] = [
  { type: 'StoryOpened', data: { title: 'The count', zone: 'Europe/Berlin' } },
  { type: 'DevelopmentRecorded', data: { development: a, ...withContent } },
  { type: 'DevelopmentRecorded', data: { development: b, ...withContent } },
];
const answers = { development: b, to: a, as: 'answers' } as const;
const linked: StoryEvent = { type: 'DevelopmentLinked', data: answers };
const unlinked: StoryEvent = { type: 'DevelopmentUnlinked', data: answers };
const retracted = (development: string): StoryEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: 'wrong' },
});

describe('a link', () => {
  test('is put on, and taken off', () => {
    given(...two)
      .when(decide.link(answers))
      .then(linked);
    given(...two, linked)
      .when(decide.unlink(answers))
      .then(unlinked);
  });
  test('is there once, and again after it was taken off', () => {
    given(...two, linked)
      .when(decide.link(answers))
      .then();
    given(...two, linked, unlinked)
      .when(decide.link(answers))
      .then(linked);
    given(...two, linked, unlinked)
      .when(decide.unlink(answers))
      .then();
  });
  test('to the same development as something else is another link', () => {
    const follows = { ...answers, as: 'follows' as const };
    given(...two, linked)
      .when(decide.link(follows))
      .then({ type: 'DevelopmentLinked', data: follows });
    const left = [...two, linked, { type: 'DevelopmentLinked', data: follows } as StoryEvent, unlinked];
    expect(left.reduce(step, noStory).developments.get(b)?.links).toEqual([{ to: a, as: 'follows' }]);
  });
  test('is refused to itself, to what is unknown and to what is retracted', () => {
    const path = ['to'];
    given(...two)
      .when(decide.link({ ...answers, to: b }))
      .refused('linked-to-itself', { path });
    given(...two)
      .when(decide.link({ ...answers, to: unknown }))
      .refused('unknown-development', { path });
    given(...two, retracted(a))
      .when(decide.link(answers))
      .refused('development-retracted', { path });
  });
  test('is refused from what is unknown or retracted', () => {
    given(...two)
      .when(decide.link({ ...answers, development: unknown }))
      .refused('unknown-development');
    given(...two, retracted(b))
      .when(decide.link(answers))
      .refused('development-retracted');
    given(...two, linked, retracted(b))
      .when(decide.unlink(answers))
      .refused('development-retracted');
  });
});
