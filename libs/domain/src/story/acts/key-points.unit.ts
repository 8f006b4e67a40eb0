import { describe, expect, test } from '@jest/globals';
import type { Content } from '../../content.js';
import { digest } from '../../digest.js';
import { isRefusal, refusals } from '../../errors.js';
import { anyOrigin } from '../../given.spec-helper.js';
import { changedUnder, keyPointsOf, mostCites, mostKeyPoints, struckBy } from '../key-points.js';
import { outlineOf } from '../payload.js';
import { noStory, type StoryState } from '../state.js';
import { evolve, reconstructDecision, type StoryEvent } from '../story.js';
import { setKeyPoints } from './key-points.js';

const [a, b, c, unknown] = ['a', 'b', 'c', 'f'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
  string,
];
const content = (body: string): Content =>
  ({
    kind: 'update',
    body,
    data: {},
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  }) as unknown as Content;
const said = (development: string, body = development) => ({
  development,
  outline: outlineOf(content(body), digest(body)),
  told: {},
});
const about = (type: StoryEvent['type'], development: string, more: object = {}) =>
  ({ type, data: { development, told: {}, ...more } }) as StoryEvent;
const step = (state: StoryState, event: StoryEvent) => evolve(state, event, anyOrigin);
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'S', zone: 'UTC' } };
const recorded = (id: string): StoryEvent => ({ type: 'DevelopmentRecorded', data: said(id) });
const corrected = (id: string): StoryEvent => ({ type: 'DevelopmentCorrected', data: said(id, 'Otherwise') });
const start = [opened, recorded(a), recorded(b), recorded(c)].reduce(step, noStory);

let keys = 0;
const asked = (state: StoryState, points: object[], key = `k${keys++}`) => {
  const request = { key, by: { id: 'ed' }, roles: [], received: '', target: { story: 's' }, body: { points } } as never;
  const command = setKeyPoints.command(request, { story: state } as never);
  return isRefusal(command) ? command : setKeyPoints.decide(command)(state);
};
/** The state after the list is set. */
function set(state: StoryState, points: object[]): StoryState {
  const events = asked(state, points);
  if (isRefusal(events)) throw new Error(JSON.stringify(events));
  expect(reconstructDecision(events, { id: 'other' })!(state)).toEqual(events);
  return events.reduce(step, state);
}
const ids = (state: StoryState) => keyPointsOf(state).list.map(({ text }) => text);
const points = (state: StoryState) =>
  keyPointsOf(state).list.map(({ told, cites }) => [
    (told as { words: string }).words,
    ...cites.map(({ development }) => development),
  ]);

describe('the key points of a story', () => {
  const two = set(start, [
    { text: 'The march begins.', cites: [a, b] },
    { text: 'The road is closed.', cites: [c] },
  ]);
  const [first, second] = ids(two) as [string, string];

  test('are a list of texts, each under a key of its own, which cite developments', () => {
    expect(points(two)).toEqual([
      ['The march begins.', a, b],
      ['The road is closed.', c],
    ]);
    expect(two.texts.filter(({ of }) => of === 'key-point').size).toBe(2);
  });

  test('keep their texts when others are rewritten, added, moved or removed', () => {
    const moved = set(two, [
      { point: second },
      { point: first, text: 'The march goes on.' },
      { text: 'New.', cites: [a] },
    ]);
    expect(points(moved)).toEqual([
      ['The road is closed.', c],
      ['The march goes on.', a, b],
      ['New.', a],
    ]);
    expect(ids(moved)[0]).toBe(second);
    expect(ids(moved)).not.toContain(first);
    expect(points(set(moved, [{ point: ids(moved)[2] }]))).toEqual([['New.', a]]);
    expect(points(set(two, [{ point: first, cites: [c] }]))).toEqual([['The march begins.', c]]);
    expect(points(set(two, []))).toEqual([]);
  });

  test('set to what they are, record nothing; nor does a retry', () => {
    expect(asked(two, [{ point: first }, { point: second, cites: [c], checked: true }])).toEqual([]);
    expect(asked(two, [{ point: first, cites: [b, a] }, { point: second }])).toEqual([]);
    const again = asked(start, [{ text: 'Once.', cites: [a] }], 'key') as StoryEvent[];
    expect(asked(again.reduce(step, start), [{ text: 'Once.', cites: [a] }], 'key')).toEqual([]);
  });

  test.each([
    ['that the story does not have', unknown, [], 'unknown-development'],
    ['that was retracted', c, [about('DevelopmentRetracted', c)], 'development-retracted'],
    ['that was taken down', c, [about('ContentShredded', c, { ground: 'legal' })], 'development-taken-down'],
    ['under embargo', c, [about('DevelopmentEmbargoed', c)], 'development-embargoed'],
    ['whose retraction is proposed', c, [about('RetractionProposed', c, { as: 'editor' })], 'proposal-open'],
  ] as const)(
    'cannot newly cite a development %s: the field is named, and what is allowed',
    (_, id, events, refused) => {
      const refusal = asked(events.reduce(step, start), [{ text: 'A point.', cites: [a, id] }]);
      expect(refusal).toMatchObject({ refused, path: ['points', 0, 'cites', 1] });
      expect((refusal as { detail: string }).detail).toMatch(/readers/);
    },
  );

  test.each([
    [[{ cites: [a] }], ['points', 0, 'text'], /needed/],
    [[{ text: 'A point.' }], ['points', 0, 'cites'], /at least one/],
    [[{ text: 'A point.', cites: [a, a] }], ['points', 0, 'cites'], /once/],
  ])('without words or grounds, %j is refused', (sent, path, detail) =>
    expect(asked(two, sent)).toMatchObject({ refused: 'invalid-field', path, detail: expect.stringMatching(detail) }),
  );

  test('are named by their ids: one that the story does not have now is refused, with those that it has', () => {
    expect(asked(two, [{ point: first }, { point: unknown }])).toMatchObject({
      refused: 'unknown-key-point',
      path: ['points', 1, 'point'],
      allowed: [first, second],
    });
    expect(asked(two, [{ point: first }, { point: first }])).toMatchObject({ path: ['points', 1, 'point'] });
    expect(asked(noStory, [])).toMatchObject({ refused: 'unknown-story', detail: refusals['unknown-story'] });
  });

  test(`are ${mostKeyPoints} at most, each citing ${mostCites} at most`, () => {
    const sent = (n: number, cites: number) => ({
      points: Array.from({ length: n }, () => ({ text: 'A point.', cites: Array.from({ length: cites }, () => a) })),
    });
    const body = setKeyPoints.body!;
    expect(body.safeParse(sent(mostKeyPoints, mostCites)).success).toBe(true);
    expect(body.safeParse(sent(mostKeyPoints + 1, 1)).success).toBe(false);
    expect(body.safeParse(sent(1, mostCites + 1)).success).toBe(false);
    expect(body.safeParse({ points: [{ text: 'x'.repeat(280), cites: [a] }] }).success).toBe(true);
    expect(body.safeParse({ points: [{ text: 'x'.repeat(281), cites: [a] }] }).success).toBe(false);
  });

  test('are struck by a retraction or a takedown of what they cite, and others can change meanwhile', () => {
    const retracted = step(two, about('DevelopmentRetracted', b));
    const struck = (state: StoryState) => keyPointsOf(state).list.map(point => struckBy(state, point));
    expect(struck(retracted)).toEqual([[b], []]);
    const more = set(retracted, [{ point: second }, { point: first }, { text: 'New.', cites: [c] }]);
    expect(struck(more)).toEqual([[], [b], []]);
    expect(asked(retracted, [{ point: first, text: 'Rewritten.' }])).toMatchObject({
      refused: 'development-retracted',
    });
    expect(struck(set(retracted, [{ point: first, text: 'Rewritten.', cites: [a] }]))).toEqual([[]]);
    expect(struck(set(retracted, [{ point: first, cites: [a] }]))).toEqual([[]]);
    expect(struck(step(two, about('ContentShredded', c, { ground: 'legal' })))).toEqual([[], [c]]);
  });

  test('rest on what was corrected or replaced until an editor rewrites or confirms them', () => {
    const changed = (state: StoryState) => keyPointsOf(state).list.map(point => changedUnder(state, point));
    expect(changed(two)).toEqual([[], []]);
    const after = [corrected(b), about('DevelopmentSuperseded', c, { by: a })].reduce(step, two);
    expect(changed(after)).toEqual([[b], [c]]);
    expect(changed(set(after, [{ point: second }, { point: first }]))).toEqual([[c], [b]]);
    const checked = set(after, [{ point: first, checked: true }, { point: second }]);
    expect(changed(checked)).toEqual([[], [c]]);
    expect(ids(checked)).toEqual([first, second]);
    expect(changed(step(checked, corrected(a)))).toEqual([[a], [c]]);
    expect(changed(set(after, [{ point: first, text: 'Rewritten.' }]))).toEqual([[]]);
    expect(changed(step(two, about('DevelopmentCopyEdited', b, said(b))))).toEqual([[], []]);
  });
});
