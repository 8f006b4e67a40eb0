import { describe, expect, test } from '@jest/globals';
import type { Capture, CapturedAgain } from '../../capture.js';
import { Content } from '../../content.js';
import { digest } from '../../digest.js';
import { specOf } from '../../given.spec-helper.js';
import type { Known } from '../define.js';
import { outlineOf } from '../payload.js';
import { noStory } from '../state.js';
import { contentAfter, decisions as decide, evolve, payloadSchemas, type StoryEvent } from '../story.js';
import { recapture } from './recapture.js';

const given = specOf(noStory, evolve);
const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const proof = 'p'.repeat(43);
const first: Capture = {
  ...{ url: 'https://news.example/a', title: 'Talks go on', sources: ['html'] },
  ...{ at: '2026-08-15T14:05:00Z', proof },
};
const other: Capture = { ...first, url: 'https://other.example/' };
const changed: CapturedAgain = { title: 'Talks end', sources: ['html'], at: '2026-08-15T16:20:00Z', proof };
const gone: CapturedAgain = { gone: true, at: '2026-08-15T17:00:00Z', proof };
const held = Content.parse({
  ...{ kind: 'update', headline: 'They talk', body: 'They talk.', data: {}, occurred: { precision: 'unknown' } },
  ...{ sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' }, captures: [first, other] },
});
const withContent = (content: Content) => ({ outline: outlineOf(content, digest(content)), told: { content } });
const opened: StoryEvent = { type: 'StoryOpened', data: { title: 'The count', zone: 'UTC', language: 'en' } };
const recorded = (development: string): StoryEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, ...withContent(held) },
});
const as = (again: CapturedAgain) => {
  const told = { captures: [{ ...first, again }, other] };
  return { development: a, outline: withContent({ ...held, ...told }).outline, told };
};
const recaptured = (again: CapturedAgain): StoryEvent => ({ type: 'DevelopmentRecaptured', data: as(again) });

describe('capturing again', () => {
  test('is recorded, changes nothing the second time, and can be done again', () => {
    given(opened, recorded(a))
      .when(decide.recapture(as(changed)))
      .then(recaptured(changed));
    given(opened, recorded(a), recaptured(changed))
      .when(decide.recapture(as(changed)))
      .then();
    given(opened, recorded(a), recaptured(changed))
      .when(decide.recapture(as(gone)))
      .then(recaptured(gone));
  });

  test('keeps kind, standing, proposals and corrections', () => {
    const proposed: StoryEvent = { type: 'RetractionProposed', data: { development: a, told: 'why', as: 'editor' } };
    const state = [opened, recorded(a), proposed, recaptured(changed)].reduce(
      (before, event) => evolve(before, event, { id: 'c', by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' }),
      noStory,
    );
    expect(state.proposals.size).toBe(1);
    expect(state.developments.get(a)).toMatchObject({ kind: 'update', standing: 'reported', corrections: 0 });
    expect(state.developments.get(a)!.recaptures).toBe(1);
  });

  test('is refused for what is unknown, retracted or replaced', () => {
    given(opened)
      .when(decide.recapture(as(changed)))
      .refused('unknown-development');
    given(opened, recorded(a), { type: 'DevelopmentRetracted', data: { development: a, told: 'no' } })
      .when(decide.recapture(as(changed)))
      .refused('development-retracted');
    given(opened, recorded(a), recorded(b), { type: 'DevelopmentSuperseded', data: { development: a, by: b } })
      .when(decide.recapture(as(changed)))
      .refused('development-superseded', { allowed: [b] });
  });

  test('has a payload of captures alone, which replaces those of the content', () => {
    const payload = payloadSchemas.DevelopmentRecaptured;
    const { told } = as(changed);
    expect(payload.safeParse(told).success).toBe(true);
    for (const more of ['headline', 'body', 'kind', 'data', 'media'] as const)
      expect(payload.safeParse({ ...told, [more]: 'x' }).success).toBe(false);
    expect(contentAfter(held, 'DevelopmentRecaptured', told)).toEqual({ ...held, ...told });
    expect(contentAfter(null, 'DevelopmentRecaptured', told)).toBeNull();
  });
});

describe('a request to keep what pages say now', () => {
  const requested = (
    captures: Capture[],
    { content = held, isProven = () => true }: { content?: Content; isProven?: Known['isProven'] } = {},
  ) =>
    recapture.command(
      { target: { story: 's', development: a }, body: { captures }, by: { id: 'ed' } } as never,
      {
        story: noStory,
        contentOf: () => content,
        isProven,
        resolved: (whole: Content) => whole,
        outlined: (_: string, whole: Content) => outlineOf(whole, digest(whole)),
      } as unknown as Known,
    );
  const refusedAt = (...path: (string | number)[]) => ({ refused: 'invalid-field', path: ['captures', ...path] });

  test('holds the captures of the development, some of them captured again', () => {
    expect(requested([{ ...first, again: changed }, other])).toEqual(as(changed));
  });

  test('is refused where a capture is missing, changed, added or in another place', () => {
    const again = { ...first, again: changed };
    expect(requested([again])).toMatchObject(refusedAt());
    expect(requested([again, other, { ...other, url: 'https://third.example/' }])).toMatchObject(refusedAt());
    expect(requested([other, again])).toMatchObject(refusedAt(0));
    expect(requested([{ ...again, title: 'They quarrel' }, other])).toMatchObject(refusedAt(0));
    expect(requested([again], { content: { ...held, captures: undefined } })).toMatchObject(refusedAt());
  });

  test('is refused where nobody made the later capture', () => {
    const isProven = (each: { readonly at: string }) => each.at === first.at;
    const forged = requested([{ ...first, again: changed }, other], { isProven });
    expect(forged).toMatchObject(refusedAt(0, 'again', 'proof'));
  });

  test('never replaces a later capture by an earlier one, or by none', () => {
    const content = { ...held, captures: [{ ...first, again: gone }, other] };
    expect(requested([{ ...first, again: changed }, other], { content })).toMatchObject(refusedAt(0, 'again'));
    expect(requested([first, other], { content })).toMatchObject(refusedAt(0, 'again'));
    const before = { ...changed, at: '2026-08-15T14:04:59Z' };
    expect(requested([{ ...first, again: before }, other])).toMatchObject(refusedAt(0, 'again'));
  });
});
