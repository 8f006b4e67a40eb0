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
  test('a link can be added and removed', () => {
    given(...two)
      .when(decide.link(answers))
      .then(linked);
    given(...two, linked)
      .when(decide.unlink(answers))
      .then(unlinked);
  });
  test('adding a link twice or removing it twice gives no event, and a removed link can be added again', () => {
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
  test('links of two types to the same development are two links', () => {
    const follows = { ...answers, as: 'follows' as const };
    given(...two, linked)
      .when(decide.link(follows))
      .then({ type: 'DevelopmentLinked', data: follows });
    const left = [...two, linked, { type: 'DevelopmentLinked', data: follows } as StoryEvent, unlinked];
    expect(left.reduce(step, noStory).developments.get(b)?.links).toEqual([{ to: a, as: 'follows' }]);
  });
  test('a link to the development itself, to an unknown or to a retracted one is refused', () => {
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
  test('a link from an unknown or a retracted development is refused', () => {
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
