import { describe, expect, test } from '@jest/globals';
import { anyOrigin } from '../../given.spec-helper.js';
import type { HeaderWords } from '../header.js';
import { noStory, type StoryState } from '../state.js';
import { evolve, reconstructDecision, type StoryEvent } from '../story.js';
import { amendStory } from './header.js';
import { openStory } from './story.js';

const opened = (more: object) => openStory.body!.safeParse({ id: 's', title: 'S', zone: 'Europe/Berlin', ...more });

test.each(['+05:30', '-00:00', '+14', '+23:59', 'Nowhere/Land'])('a new story with the time zone %s is refused', zone =>
  expect(opened({ zone }).error?.issues.map(({ path }) => path)).toContainEqual(['zone']),
);

test.each(['en_US', 'English', 'x-private', 'toolonglanguage', 'e'])(
  'a new story with the language %s is refused',
  tag => expect(opened({ language: tag }).error?.issues.map(({ path }) => path)).toEqual([['language']]),
);

const request = (body: object, key = 'c') =>
  ({ key, by: { id: 'ed' }, roles: [], received: '', target: { story: 's' }, body }) as never;
const knowing = (story: StoryState, words: HeaderWords | null = null) => ({ story, wordsOf: () => words }) as never;
const decided = (state: StoryState, body: object, words?: HeaderWords) => {
  const command = openStory.command(request(body), knowing(state, words));
  return openStory.decide(command as never)(state) as StoryEvent[];
};

test('the language of a new story is recorded in its canonical form, and its words are sealed', () => {
  const body = opened({ language: 'PT-br', summary: 'Sub.', starts: '2026-01-01T09:00:00+01:00' }).data!;
  const [event] = decided(noStory, body);
  expect(event).toEqual({
    type: 'StoryOpenedSealed',
    data: {
      text: expect.stringMatching(/^[0-9a-f-]{36}$/),
      zone: 'Europe/Berlin',
      language: 'pt-BR',
      starts: '2026-01-01T08:00:00.000Z',
      told: { title: 'S', summary: 'Sub.' },
    },
  });
});

describe('a header', () => {
  const body = { title: 'The storm', zone: 'UTC' };
  const state = decided(noStory, body).reduce((before, event) => evolve(before, event, anyOrigin), noStory);
  const words = { title: 'The storm' };
  const amended = (sent: object, now = state, given: HeaderWords | null = words, key = 'd') =>
    amendStory.decide(amendStory.command(request({ reason: 'So.', ...sent }, key), knowing(now, given)) as never)(now);

  test('is opened again by nobody with other words, and changes nothing with the same', () => {
    expect(decided(state, body, words)).toEqual([]);
    expect(decided(state, { ...body, title: 'Other' }, words)).toMatchObject({ refused: 'story-exists' });
    expect(decided(state, { ...body, zone: 'Europe/Oslo' }, words)).toMatchObject({ refused: 'story-exists' });
  });

  test('is amended as a whole, each version under a key of its own', () => {
    const [event] = amended({ ...body, title: 'The flood' }) as StoryEvent[];
    expect(event).toMatchObject({
      type: 'StoryAmended',
      data: { zone: 'UTC', told: { title: 'The flood', reason: 'So.' } },
    });
    const after = evolve(state, event!, anyOrigin);
    expect(after.header).toMatchObject({ text: (event!.data as { text: string }).text, zone: 'UTC' });
    expect(after.texts.size).toBe(2);
    expect(reconstructDecision([event!], anyOrigin.by)!(state)).toEqual([event]);
    // A retry, and another person with the same key.
    expect(amended({ ...body, title: 'The flood' }, after, { title: 'The flood' })).toEqual([]);
    const [other] = amended({ ...body, title: 'Third' }, after, { title: 'The flood' }) as StoryEvent[];
    expect((other!.data as { text: string }).text).not.toBe((event!.data as { text: string }).text);
  });

  test.each([
    ['its words', { title: 'The flood' }],
    ['its standfirst', { summary: 'New.' }],
    ['its zone', { zone: 'Europe/Oslo' }],
    ['its language', { language: 'de' }],
    ['its planned end', { ends: '2026-01-01T09:00:00.000Z' }],
  ])('is another with %s', (_, change) => expect(amended({ ...body, ...change })).toHaveLength(1));

  test('an amendment that changes nothing records nothing, and an unknown story cannot be amended', () => {
    expect(amended(body)).toEqual([]);
    expect(amended(body, noStory)).toMatchObject({ refused: 'unknown-story' });
    const over = evolve(state, { type: 'StoryClosed', data: {} }, anyOrigin);
    expect(amended({ ...body, title: 'The flood' }, over)).toHaveLength(1);
  });

  test('that was taken down is replaced by any words', () => expect(amended(body, state, null)).toHaveLength(1));
});
