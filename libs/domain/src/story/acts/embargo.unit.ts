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

  test('a development that is recorded under embargo gets both events in one commit', () => {
    given(opened)
      .when(record({ embargo: { until: noon }, key: true }))
      .then(recorded(a), embargoed(a, { until: noon }), about('DevelopmentMarkedKey')(a));
    given(opened)
      .when(record({ embargo: {} }))
      .then(recorded(a), embargoed(a));
  });
  test('a record under embargo that supersedes another development is refused', () =>
    given(opened, recorded(b))
      .when(record({ embargo: {}, supersedes: b }))
      .refused('development-embargoed', { path: ['supersedes'] }));
});

describe('an embargo', () => {
  test('an embargo can be changed to another time or to none; the same time gives no event', () => {
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
  test('an embargo cannot be put on a development that readers can already see', () => {
    given(opened, recorded(a))
      .when(decide.changeEmbargo({ development: a, until: noon }))
      .refused('not-embargoed');
    given(...under(), lifted(a))
      .when(decide.changeEmbargo({ development: a }))
      .refused('not-embargoed');
  });
  test('an embargo is lifted once; a second lift, or a lift of no embargo, gives no event', () => {
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
  test('a scheduled lift gives an event only if the embargo still ends at that time', () => {
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
  test('an embargo can be lifted in a closed story', () =>
    given(...under(), { type: 'StoryClosed', data: {} })
      .when(decide.liftEmbargo({ development: a }))
      .then(lifted(a)));
  test('lifting the embargo of a retracted or an unknown development is refused', () => {
    given(...under(), retracted)
      .when(decide.liftEmbargo({ development: a }))
      .refused('development-retracted');
    given(opened)
      .when(decide.liftEmbargo({ development: a }))
      .refused('unknown-development');
  });
});

describe('a development under embargo', () => {
  const path = (field: string) => ({ path: [field] });

  test('no event that readers see may name a development under embargo', () => {
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
  test('it cannot settle a condition, and a condition that only it depends on cannot be settled', () => {
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
  test('editors can correct, verify, dispute, mark, retract and link it', () => {
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
  test('no event other than a lift ends the embargo', () => {
    const event = fc.constantFrom<StoryEvent>(retracted, changed(a), about('DevelopmentUnpinned')(a), recorded(b));
    fc.assert(
      fc.property(fc.array(event), events => {
        expect([...under(), ...events].reduce(step, noStory).embargoes.has(a)).toBe(true);
      }),
    );
  });
});
