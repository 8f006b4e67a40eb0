import { describe, expect, test } from '@jest/globals';
import type { Content } from '../content.js';
import { digest } from '../digest.js';
import { anyOrigin } from '../given.spec-helper.js';
import { beyondBounds, bounds } from './bounds.js';
import { noStory, type StoryState } from './state.js';
import { evolve, type StoryEvent } from './story.js';
import { outlineOf } from './payload.js';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const hanging = (...conditions: string[]) =>
  ({
    kind: 'context',
    data: { topic: 'The count', summary: 'It began' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: conditions.length
      ? { mode: 'conditional', conditions: conditions.map(id => ({ id, text: id })) }
      : { mode: 'asserted' },
  }) as unknown as Content;

const withContent = (content: Content) => ({ outline: outlineOf(content, digest(content)), told: { content } });
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The count', zone: 'Europe/Berlin' } };
const recorded = (n: number, ...conditions: string[]): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development: idOf(n), ...withContent(hanging(...conditions)) },
});
const corrected = (n: number, ...conditions: string[]): StoryEvent => ({
  type: 'DevelopmentCorrected',
  data: { development: idOf(n), ...withContent(hanging(...conditions)) },
});
const about = (type: StoryEvent['type'], n: number, more = {}) =>
  ({ type, data: { development: idOf(n), told: {}, ...more } }) as StoryEvent;

let commits = 0;
/** Each event in a separate commit. */
const after = (events: readonly StoryEvent[], from: StoryState = noStory) =>
  events.reduce(
    (state, event) => evolve(state, event, { ...anyOrigin, id: String(commits++).padStart(64, '0') }),
    from,
  );
const times = (count: number, event: (n: number) => StoryEvent) => Array.from({ length: count }, (_, n) => event(n));

/** By bound: adds the n-th item of its kind to a story that has enough developments. */
const kinds: Record<Exclude<keyof typeof bounds, 'developmentsOfStory'>, (n: number) => StoryEvent> = {
  conditionsOfStory: n => recorded(10_000 + n, `condition-${n}`),
  openProposalsOfStory: n => about('RetractionProposed', n, { as: 'editor' }),
  submissionsOfStory: n => about('DevelopmentSubmitted', n),
  membersOfStory: n => ({ type: 'MemberNamed', data: { member: `m${n}`, role: 'reporter' } }),
  linksOfDevelopment: n => about('DevelopmentLinked', 0, { to: idOf(n + 1), as: 'related' }),
  correctionsOfDevelopment: () => corrected(0),
  copyEditsOfDevelopment: n => about('DevelopmentCopyEdited', 0, withContent(hanging(`${n}`))),
  recapturesOfDevelopment: n => about('DevelopmentRecaptured', 0, withContent(hanging(`${n}`))),
  checksOfDevelopment: n => about(n % 2 ? 'DevelopmentVerified' : 'DevelopmentDisputed', 0),
  reasonsOfStory: n => ({ type: 'StoryReopenedSealed', data: { text: idOf(80_000 + n), told: {} } }),
  keyPointsOfStory: n => ({ type: 'KeyPointWritten', data: { text: idOf(70_000 + n), told: {} } }),
  headersOfStory: n => ({ type: 'StoryAmended', data: { text: idOf(90_000 + n), zone: 'UTC', told: {} } }),
  supersededByDevelopment: n => about('DevelopmentSuperseded', n + 1, { by: idOf(0) }),
};
const story = after([opened, ...times(300, n => recorded(n))]);

describe('the bounds of a story', () => {
  test.each(Object.entries(kinds))(
    'an event that reaches the bound %s is accepted, and the next one is refused',
    (bound, kind) => {
      const most = bounds[bound as keyof typeof kinds];
      const almost = after(times(most - 1, kind), story);
      expect(beyondBounds(almost, [kind(most - 1)])).toBeUndefined();
      const full = after([kind(most - 1)], almost);
      expect(beyondBounds(full, [kind(most)])).toMatchObject({
        refused: 'too-many',
        detail: expect.stringContaining(`(${most})`),
      });
    },
  );

  test('a development that reaches the bound developmentsOfStory is accepted, and the next one is refused', () => {
    const most = bounds.developmentsOfStory;
    const almost = after(times(most - 1, n => recorded(n)));
    expect(beyondBounds(almost, [recorded(most - 1)])).toBeUndefined();
    expect(beyondBounds(after([recorded(most - 1)], almost), [recorded(most)])).toMatchObject({ refused: 'too-many' });
  });

  test('a development that depends on existing conditions is accepted at the bound of conditions', () => {
    const full = after(times(bounds.conditionsOfStory, kinds.conditionsOfStory), story);
    expect(beyondBounds(full, [recorded(1_000, 'condition-7', 'condition-8')])).toBeUndefined();
    expect(beyondBounds(full, [corrected(0, 'condition-7', 'one-more')])).toMatchObject({ refused: 'too-many' });
  });

  test('a commit is refused if any of its events exceeds a bound', () => {
    const full = after(times(bounds.supersededByDevelopment, kinds.supersededByDevelopment), story);
    const both = [recorded(1_000), about('DevelopmentSuperseded', 200, { by: idOf(0) })];
    expect(beyondBounds(full, both)).toMatchObject({ refused: 'too-many' });
  });
});

test('after a link was removed at the bound, another can be added', () => {
  const full = after(times(bounds.linksOfDevelopment, kinds.linksOfDevelopment), story);
  const freed = after([about('DevelopmentUnlinked', 0, { to: idOf(1), as: 'related' })], full);
  expect(beyondBounds(freed, [kinds.linksOfDevelopment(250)])).toBeUndefined();
});

test('a story that already exceeds a bound still folds, and its developments can be retracted', () => {
  const more = after(times(bounds.linksOfDevelopment + 20, kinds.linksOfDevelopment), story);
  expect(more.developments.get(idOf(0))!.links).toHaveLength(bounds.linksOfDevelopment + 20);
  const handedOn = [about('DevelopmentRetracted', 0), about('DevelopmentSuperseded', 1, { by: idOf(2) })];
  const full = after(
    times(bounds.supersededByDevelopment + 1, n => about('DevelopmentSuperseded', n + 3, { by: idOf(2) })),
    more,
  );
  expect(beyondBounds(full, handedOn)).toBeUndefined();
});

test('a takedown can be proposed when open retraction proposals fill their bound', () => {
  const full = after(times(bounds.openProposalsOfStory, kinds.openProposalsOfStory), story);
  const takedown = (n: number) => about('TakedownProposed', n, { as: 'legal', ground: 'court-order' });
  expect(beyondBounds(full, [takedown(0)])).toBeUndefined();
  const both = after(times(bounds.openProposalsOfStory, takedown), full);
  expect(beyondBounds(both, [takedown(250)])).toMatchObject({ refused: 'too-many' });
});
