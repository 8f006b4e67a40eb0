import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Content } from '../../content.js';
import { digest } from '../../digest.js';
import { anyOrigin, specOf } from '../../given.spec-helper.js';
import { noStory, type StoryState } from '../state.js';
import { decisions as decide, evolve, type StoryEvent } from '../story.js';
import { outlineOf } from '../payload.js';

const given = specOf(noStory, evolve);
const step = (state: StoryState, event: StoryEvent) => evolve(state, event, anyOrigin);
const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const noon = '2026-01-01T12:00:00.000Z';
const later = '2026-01-01T13:00:00.000Z';

const content = (...conditions: string[]): Content =>
  ({
    kind: 'context',
    data: { topic: 'The count', summary: 'It began' },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: conditions.length
      ? { mode: 'conditional', conditions: conditions.map(id => ({ id, text: `it is ${id}` })) }
      : { mode: 'asserted' },
  }) as unknown as Content;

const withContent = (held: Content) => ({ outline: outlineOf(held, digest(held)), told: { content: held } });

const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The count', zone: 'Europe/Berlin' } };
const recorded = (development: string, held = content()): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, ...withContent(held) },
});
const about =
  <Type extends StoryEvent['type']>(type: Type) =>
  (development: string, more: object = {}) =>
    ({ type, data: { development, ...more } }) as StoryEvent;
const embargoed = about('DevelopmentEmbargoed');
const changed = about('EmbargoChanged');
const lifted = about('EmbargoLifted');
const retracted: StoryEvent = { type: 'DevelopmentRetracted', data: { development: a, told: 'wrong' } };

const under = (until?: string) => [opened, recorded(a), embargoed(a, until ? { until } : {})];

describe('recording under embargo', () => {
  const record = (more: object) => decide.recordDevelopment({ development: a, ...withContent(content()), ...more });

  test('says so in the same commit', () => {
    given(opened)
      .when(record({ embargo: { until: noon }, key: true }))
      .then(recorded(a), embargoed(a, { until: noon }), about('DevelopmentMarkedKey')(a));
    given(opened)
      .when(record({ embargo: {} }))
      .then(recorded(a), embargoed(a));
  });
  test('is refused where it would visibly replace another', () =>
    given(opened, recorded(b))
      .when(record({ embargo: {}, supersedes: b }))
      .refused('development-embargoed', { path: ['supersedes'] }));
});

describe('an embargo', () => {
  test('is changed to another hour, or to none', () => {
    given(...under(noon))
      .when(decide.changeEmbargo({ development: a, until: later }))
      .then(changed(a, { until: later }));
    given(...under(noon))
      .when(decide.changeEmbargo({ development: a }))
      .then(changed(a));
    given(...under(noon))
      .when(decide.changeEmbargo({ development: a, until: noon }))
      .then();
  });
  test('is never put on what readers can read', () => {
    given(opened, recorded(a))
      .when(decide.changeEmbargo({ development: a, until: noon }))
      .refused('not-embargoed');
    given(...under(), lifted(a))
      .when(decide.changeEmbargo({ development: a }))
      .refused('not-embargoed');
  });
  test('is lifted once', () => {
    given(...under(noon))
      .when(decide.liftEmbargo({ development: a }))
      .then(lifted(a));
    given(...under(noon), lifted(a))
      .when(decide.liftEmbargo({ development: a }))
      .then();
    given(opened, recorded(a))
      .when(decide.liftEmbargo({ development: a }))
      .then();
  });
  test('is lifted when its hour has come only if that still is its hour', () => {
    const due = decide.liftEmbargo({ development: a, until: noon });
    given(...under(noon))
      .when(due)
      .then(lifted(a, { until: noon }));
    given(...under(noon), changed(a, { until: later }))
      .when(due)
      .then();
    given(...under(noon), changed(a))
      .when(due)
      .then();
  });
  test('is lifted in a closed story too', () =>
    given(...under(), { type: 'StoryClosed', data: {} })
      .when(decide.liftEmbargo({ development: a }))
      .then(lifted(a)));
  test('is not lifted from what was retracted meanwhile, nor from what is unknown', () => {
    given(...under(), retracted)
      .when(decide.liftEmbargo({ development: a }))
      .refused('development-retracted');
    given(opened)
      .when(decide.liftEmbargo({ development: a }))
      .refused('unknown-development');
  });
});

describe('while it is under embargo', () => {
  const path = (field: string) => ({ path: [field] });

  test('no event that readers see may name it', () => {
    const state = () => given(...under(), recorded(b));
    state()
      .when(decide.supersede({ development: a, by: b }))
      .refused('development-embargoed');
    state()
      .when(decide.supersede({ development: b, by: a }))
      .refused('development-embargoed', path('by'));
    state()
      .when(decide.recordDevelopment({ development: 'c', ...withContent(content()), supersedes: a }))
      .refused('development-embargoed', path('supersedes'));
    state()
      .when(decide.pin({ development: a }))
      .refused('development-embargoed');
    state()
      .when(decide.link({ development: b, to: a, as: 'follows' }))
      .refused('development-embargoed', path('to'));
  });
  test('it settles no condition, nor is a condition settled that only it depends on', () => {
    const hanging = [opened, recorded(a, content('dry')), embargoed(a), recorded(b, content('warm'))];
    const settle = (condition: string, development?: string) =>
      decide.settleCondition({ condition, fate: 'met', reason: 'so', development });
    given(...hanging)
      .when(settle('dry'))
      .refused('development-embargoed');
    given(...hanging)
      .when(settle('warm', a))
      .refused('development-embargoed', path('development'));
    given(...hanging, retracted)
      .when(settle('warm', a))
      .refused('development-embargoed', path('development'));
    given(...hanging, lifted(a))
      .when(settle('dry', b))
      .then(about('ConditionSettled')(b, { condition: 'dry', fate: 'met', reason: 'so' }));
  });
  test('the desk can still work on it', () => {
    const works = [
      decide.correct({ development: a, ...withContent(content('dry')) }),
      decide.verify({ development: a, told: 'seen' }),
      decide.dispute({ development: a, told: 'denied' }),
      decide.markKey({ development: a }),
      decide.retract({ development: a, told: 'wrong' }),
      decide.link({ development: a, to: b, as: 'answers' }),
    ];
    const state = [...under(), recorded(b)].reduce(step, noStory);
    for (const work of works) expect(work(state)).toHaveLength(1);
  });
  test('no other decision than a lift ends it', () => {
    const event = fc.constantFrom<StoryEvent>(retracted, changed(a), about('DevelopmentUnpinned')(a), recorded(b));
    fc.assert(
      fc.property(fc.array(event), events => {
        expect([...under(), ...events].reduce(step, noStory).embargoes.has(a)).toBe(true);
      }),
    );
  });
});
