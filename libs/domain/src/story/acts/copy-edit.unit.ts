import { describe, expect, test } from '@jest/globals';
import { Content } from '../../content.js';
import { digest } from '../../digest.js';
import { anyOrigin, specOf } from '../../given.spec-helper.js';
import type { Known } from '../define.js';
import { outlineOf } from '../payload.js';
import { noStory } from '../state.js';
import { decisions as decide, evolve, payloadSchemas, type StoryEvent } from '../story.js';
import { copyEdit } from './copy-edit.js';

const given = specOf(noStory, evolve);
const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const held = Content.parse({
  kind: 'update',
  headline: 'The goverment has resigned',
  body: 'The goverment has resigned. It had [a plan](https://a.example).',
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
});
const body = 'The government has resigned. It had [a plan](https://a.example).';
const withContent = (content: Content) => ({ outline: outlineOf(content, digest(content)), told: { content } });
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The count', zone: 'UTC', language: 'en' } };
const recorded = (development: string): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, ...withContent(held) },
});
const as = (told: object) => ({ development: a, outline: withContent({ ...held, ...told }).outline, told });
const edited = (told: object): StoryEvent => ({ type: 'DevelopmentCopyEdited', data: as(told) });

describe('a minor edit', () => {
  test('is recorded, and changes nothing the second time', () => {
    given(opened, recorded(a))
      .when(decide.copyEdit(as({ body })))
      .then(edited({ body }));
    given(opened, recorded(a), edited({ body }))
      .when(decide.copyEdit(as({ body })))
      .then();
  });
  test('keeps kind, standing, conditions, proposals and corrections', () => {
    const proposed: StoryEvent = { type: 'RetractionProposed', data: { development: a, told: 'why', as: 'editor' } };
    const state = [opened, recorded(a), proposed, edited({ body })].reduce(
      (before, event) => evolve(before, event, { id: 'c', by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' }),
      noStory,
    );
    expect(state.proposals.size).toBe(1);
    expect(state.developments.get(a)).toMatchObject({ kind: 'update', standing: 'reported', corrections: 0, edits: 1 });
  });
  test('is refused for what is unknown, retracted or replaced', () => {
    given(opened)
      .when(decide.copyEdit(as({ body })))
      .refused('unknown-development');
    given(opened, recorded(a), { type: 'DevelopmentRetracted', data: { development: a, told: 'no' } })
      .when(decide.copyEdit(as({ body })))
      .refused('development-retracted');
    given(opened, recorded(a), recorded(b), { type: 'DevelopmentSuperseded', data: { development: a, by: b } })
      .when(decide.copyEdit(as({ body })))
      .refused('development-superseded', { allowed: [b] });
  });
  test('has a payload of a headline and a body alone', () => {
    const payload = payloadSchemas.DevelopmentCopyEdited;
    expect(payload.safeParse({ headline: 'A', body: 'B' }).success).toBe(true);
    for (const more of ['kind', 'data', 'sourcing', 'occurred', 'modality', 'deadLinks'] as const)
      expect(payload.safeParse({ headline: 'A', [more]: 'x' }).success).toBe(false);
  });
});

describe('a request to edit', () => {
  const requested = (sent: object, content: Content = held) =>
    copyEdit.command(
      { target: { story: 's', development: a }, body: sent } as never,
      {
        story: [opened].reduce((state, event) => evolve(state, event, anyOrigin), noStory),
        contentOf: () => content,
        resolved: given => given,
        outlined: (_, given) => outlineOf(given, digest(given)),
      } as Partial<Known> as Known,
    );

  test('that changes the body changes the headline that was made of it', () =>
    expect(requested({ body })).toMatchObject({ told: { headline: 'The government has resigned', body } }));
  test('leaves a headline that somebody wrote', () => {
    const written = { ...held, headline: 'Crisis' };
    expect(requested({ body }, written)).toMatchObject({ told: { headline: 'Crisis', body } });
  });
  test('may change the headline alone', () =>
    expect(requested({ headline: 'The government has resigned' })).toMatchObject({
      told: { headline: 'The government has resigned', body: held.body },
    }));
  test('that says something else is refused, with the field and the word', () => {
    const other = held.body!.replace('resigned', 'not resigned');
    expect(requested({ body: other })).toEqual({
      refused: 'not-minor',
      path: ['body'],
      detail: '“not” denies something, so this is not a minor edit. Correct the development instead.',
    });
    expect(requested({ headline: 'The goverment has resigned?' })).toMatchObject({ path: ['headline'] });
    const bare = { ...held, kind: 'context', body: undefined } as unknown as Content;
    expect(requested({ body: 'A body where there was none.' }, bare)).toMatchObject({ refused: 'not-minor' });
  });
  test('changes a link only if it is said to be dead', () => {
    const moved = held.body!.replace('a.example', 'b.example');
    expect(requested({ body: moved })).toMatchObject({ refused: 'not-minor' });
    expect(requested({ body: moved, deadLinks: ['https://a.example'] })).toMatchObject({ told: { body: moved } });
  });
  test('must change something', () => {
    expect(copyEdit.body!.safeParse({}).success).toBe(false);
    expect(copyEdit.body!.safeParse({ deadLinks: ['https://a.example'] }).success).toBe(false);
    const links = Array.from({ length: 21 }, (_, n) => `https://a.example/${n}`);
    expect(copyEdit.body!.safeParse({ body, deadLinks: links.slice(1) }).success).toBe(true);
    expect(copyEdit.body!.safeParse({ body, deadLinks: links }).success).toBe(false);
  });
});
