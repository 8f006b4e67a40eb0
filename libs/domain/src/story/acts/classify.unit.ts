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
  test('gives a plain update its kind, and leaves its standing, conditions and open proposals', () => {
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

  test('cannot change the standing or the conditions, whatever the command says', () =>
    given(opened, recorded(a))
      .when(
        decide.classify({
          ...as(departure),
          outline: { ...as(departure).outline, standing: 'confirmed', conditions: ['rain'] },
        }),
      )
      .then(classified));

  test('again with the same kind and data changes nothing; with others it is refused', () => {
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

  test('is possible again after a correction that makes it a plain update', () =>
    given(opened, recorded(a), classified, corrected(a, update({ body: 'The bus has left.' })))
      .when(decide.classify(as(departure)))
      .then(classified));

  test('is refused for what is unknown, retracted or replaced', () => {
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
  test('holds a kind and its data, and no word that readers see', () => {
    expect(Classification.safeParse(departure).success).toBe(true);
    for (const word of ['headline', 'body', 'occurred', 'sourcing', 'modality'])
      expect(Classification.safeParse({ ...departure, [word]: update()[word as 'body'] ?? 'x' }).success).toBe(false);
  });

  test('has every kind but a plain update', () => {
    const names = kindNames.filter(kind => SentClassification.safeParse({ kind }).error?.issues[0]?.path[0] !== 'kind');
    expect(names).toEqual(kindNames.filter(kind => kind !== 'update'));
  });

  test('replaces the kind and the data of the content before it, and nothing else', () => {
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

  test('becomes a command about the whole content', () => expect(requested(departure, {})).toEqual(as(departure)));

  test('names the field of the request that is refused', () => {
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

  test('whose development has no readable content matches no digest', () =>
    expect(requested(departure, { contentOf: () => undefined })).toMatchObject({
      outline: { digest: '0'.repeat(64) },
    }));
});
