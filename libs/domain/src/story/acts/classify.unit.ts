import { describe, expect, test } from '@jest/globals';
import { Classification, Content, SentClassification } from '../../content.js';
import { kindNames } from '../../developments/index.js';
import { digest } from '../../digest.js';
import { refuse, type Refusal } from '../../errors.js';
import { specOf } from '../../given.spec-helper.js';
import type { Known } from '../define.js';
import { outlineOf } from '../payload.js';
import { noStory } from '../state.js';
import { contentAfter, decisions as decide, evolve, type StoryEvent } from '../story.js';
import { classify } from './classify.js';

const given = specOf(noStory, evolve);
const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const update = (more: object = {}) =>
  Content.parse({
    kind: 'update',
    headline: 'The last bus has left',
    body: 'The last bus has left.',
    data: {},
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
    ...more,
  });
const departure = { kind: 'departure', data: { actors: ['bus'], place: 'Harbour' } };
const withContent = (content: Content) => ({ outline: outlineOf(content, digest(content)), told: { content } });
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The strike', zone: 'Europe/Oslo' } };
const recorded = (development: string, content = update()): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, ...withContent(content) },
});
const corrected = (development: string, content: Content): StoryEvent => ({
  type: 'DevelopmentCorrected',
  data: { development, ...withContent(content) },
});
const as = (told: { kind: string; data: object }, before = update()) => ({
  development: a,
  outline: withContent({ ...before, ...told } as Content).outline,
  told,
});
const classified: StoryEvent = { type: 'DevelopmentClassified', data: as(departure) };

describe('classifying', () => {
  test('a classified update has its kind, and keeps its standing, conditions and open proposals', () => {
    given(opened, recorded(a))
      .when(decide.classify(as(departure)))
      .then(classified);
    const verified: StoryEvent = { type: 'DevelopmentVerified', data: { development: a, told: 'seen' } };
    const proposed: StoryEvent = { type: 'RetractionProposed', data: { development: a, told: 'why', as: 'editor' } };
    const hanging = update({ modality: { mode: 'conditional', conditions: [{ id: 'rain', text: 'it rains' }] } });
    const told = as(departure, hanging);
    const event: StoryEvent = { type: 'DevelopmentClassified', data: told };
    given(opened, recorded(a, hanging), verified, proposed).when(decide.classify(told)).then(event);
    const state = [opened, recorded(a, hanging), verified, proposed, event].reduce(
      (held, one) => evolve(held, one, { id: 'c', by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' }),
      noStory,
    );
    expect(state.proposals.size).toBe(1);
    expect(state.developments.get(a)).toMatchObject({
      kind: 'departure',
      standing: 'confirmed',
      conditions: ['rain'],
      corrections: 0,
      digest: told.outline.digest,
    });
  });

  test('a classification cannot change the standing or the conditions', () =>
    given(opened, recorded(a))
      .when(
        decide.classify({
          ...as(departure),
          outline: { ...as(departure).outline, standing: 'confirmed', conditions: ['rain'] },
        }),
      )
      .then(classified));

  test('classifying again with the same kind and data gives no event; with others it is refused', () => {
    given(opened, recorded(a), classified)
      .when(decide.classify(as(departure)))
      .then();
    given(opened, recorded(a), classified)
      .when(decide.classify(as({ ...departure, kind: 'arrival' })))
      .refused('already-classified');
    const was = { ...update(), ...departure } as Content;
    given(opened, recorded(a, was))
      .when(decide.classify(as({ ...departure, kind: 'arrival' })))
      .refused('already-classified');
  });

  test('a development can be classified again after a correction that makes it a plain update', () =>
    given(opened, recorded(a), classified, corrected(a, update({ body: 'The bus has left.' })))
      .when(decide.classify(as(departure)))
      .then(classified));

  test('classifying an unknown, a retracted or a superseded development is refused', () => {
    given(opened)
      .when(decide.classify(as(departure)))
      .refused('unknown-development');
    given(opened, recorded(a), { type: 'DevelopmentRetracted', data: { development: a, told: 'no' } })
      .when(decide.classify(as(departure)))
      .refused('development-retracted');
    given(opened, recorded(a), recorded(b), { type: 'DevelopmentSuperseded', data: { development: a, by: b } })
      .when(decide.classify(as(departure)))
      .refused('development-superseded', { allowed: [b] });
  });
});

describe('the payload of a classification', () => {
  test('the payload has a kind and its data only; fields that readers see are refused', () => {
    expect(Classification.safeParse(departure).success).toBe(true);
    for (const word of ['headline', 'body', 'occurred', 'sourcing', 'modality'])
      expect(Classification.safeParse({ ...departure, [word]: update()[word as 'body'] ?? 'x' }).success).toBe(false);
  });

  test('every kind is accepted except a plain update', () => {
    const names = kindNames.filter(kind => SentClassification.safeParse({ kind }).error?.issues[0]?.path[0] !== 'kind');
    expect(names).toEqual(kindNames.filter(kind => kind !== 'update'));
  });

  test('the payload replaces the kind and the data of the content, and nothing else', () => {
    const after = contentAfter(update(), 'DevelopmentClassified', departure);
    expect(after).toEqual({ ...update(), ...departure });
    expect(contentAfter(null, 'DevelopmentClassified', departure)).toBeNull();
    expect(contentAfter(update(), 'DevelopmentPinned', {})).toEqual(update());
  });
});

describe('a request to classify', () => {
  const requested = (told: { kind: string; data?: object }, known: Partial<Known>) =>
    classify.command(
      { target: { story: 's', development: a }, body: told } as never,
      {
        contentOf: () => update(),
        resolved: content => content,
        outlined: (_, content) => outlineOf(content, digest(content)),
        ...known,
      } as Known,
    );

  test('the request becomes a command about the whole content', () =>
    expect(requested(departure, {})).toEqual(as(departure)));

  test('a refusal names the field of the request', () => {
    const refused = (path: string[]): Refusal => refuse('invalid-field', { path, detail: 'must be other' });
    expect(requested(departure, { resolved: () => refused(['content', 'data', 'actors', '0']) })).toMatchObject({
      path: ['data', 'actors', '0'],
      detail: 'must be other',
    });
    expect(requested(departure, { resolved: () => refused(['content', 'modality', 'mode']) })).toMatchObject({
      path: ['kind'],
      detail: 'does not suit this update: its modality must be other. Correct the development instead.',
    });
  });

  test('a development without readable content gets a digest that matches no content', () =>
    expect(requested(departure, { contentOf: () => undefined })).toMatchObject({
      outline: { digest: '0'.repeat(64) },
    }));
});
