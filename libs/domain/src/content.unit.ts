import { describe, expect, test } from '@jest/globals';
import { actorsOf, Content, filledIn, headlineOf, mapContentActors, NewContent, SentContent } from './content.js';
import { catalogue } from './developments/index.js';

const scenario = (modality: object) =>
  Content.parse({
    kind: 'scenario',
    data: { outcome: 'the harbour closes', actors: ['Harbour'] },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'official', standing: 'reported', actor: 'Met Office' },
    modality,
  });
const storm = { mode: 'conditional', conditions: [{ id: 'storm-turns', text: 'the storm turns' }] };
const name = (actor: string) => actor;
const refusals = (content: object) =>
  Content.safeParse(content).error?.issues.map(issue => [issue.path.join('.'), issue.message]);

describe('content', () => {
  test("a generated headline says that its development is conditional, planned or denied; an editor's is unchanged", () => {
    const content = scenario(storm);
    expect(headlineOf(content, name)).toBe('If the storm turns: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'planned' } }, name)).toBe('Planned: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'denied' } }, name)).toBe('Denied: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'asserted' } }, name)).toBe('the harbour closes');
    expect(headlineOf({ ...content, headline: 'Harbour may shut' }, name)).toBe('Harbour may shut');
  });

  test('a headline with a very long condition stays within the limit', () => {
    const conditions = [{ id: 'a', text: 'x '.repeat(149) }];
    expect(headlineOf(scenario({ mode: 'conditional', conditions }), name).length).toBeLessThanOrEqual(300);
  });

  test('actorsOf gives the actors of the data and the source, and mapContentActors maps each of them', () => {
    expect(actorsOf(scenario(storm))).toEqual(['Harbour', 'Met Office']);
    expect(actorsOf(mapContentActors(scenario(storm), ref => ref.toLowerCase()))).toEqual(['harbour', 'met office']);
  });

  test('a mode that the kind does not allow, a missing condition and an unknown kind are errors that name the field', () => {
    const { modality, ...rest } = scenario(storm);
    expect(refusals({ ...rest, modality: { mode: 'asserted' } })).toEqual([
      ['modality.mode', 'must be one of conditional for this kind'],
    ]);
    expect(refusals({ ...rest, modality: { mode: 'conditional' } })).toEqual([
      ['modality.conditions', 'must name the condition it depends on'],
    ]);
    expect(refusals({ ...rest, modality, kind: 'rumour' })).toEqual([
      ['kind', expect.stringMatching(/^must be one of .*arrival.*context/)],
    ]);
  });
});

describe('new content', () => {
  const posted = { kind: 'update', body: 'The last bus has left. The next one goes at six.' };

  test('an update needs only its text, and every other field has a neutral default', () => {
    expect(NewContent.parse(posted)).toEqual(posted);
    const content = filledIn(NewContent.parse(posted));
    expect(content).toEqual({
      ...posted,
      data: {},
      occurred: { precision: 'unknown' },
      sourcing: { basis: 'desk', standing: 'reported' },
      modality: { mode: 'asserted' },
    });
    expect(Content.parse(content)).toEqual(content);
    expect(headlineOf(content, name)).toBe('The last bus has left');
    expect(headlineOf({ ...content, modality: { mode: 'denied' } }, name)).toBe('Denied: The last bus has left');
    expect(headlineOf({ ...content, headline: 'No bus tonight' }, name)).toBe('No bus tonight');
  });

  test('the fields that a client sends are kept', () => {
    const content = scenario(storm);
    expect(filledIn(NewContent.parse(content))).toEqual(content);
  });

  test('content without its text, with a field that its kind lacks or with an incomplete field is refused', () => {
    const issues = (content: object) =>
      NewContent.safeParse(content).error?.issues.map(({ path, code }) => [path.join('.'), code]);
    expect(issues({ kind: 'update' })).toEqual([['body', 'invalid_type']]);
    expect(issues({ kind: 'update', body: ' ' })).toEqual([['body', 'invalid_format']]);
    expect(issues({ ...posted, data: { topic: 'Buses' } })).toEqual([['data', 'unrecognized_keys']]);
    expect(issues({ ...posted, sourcing: { standing: 'hinted' } })).toEqual([['sourcing.basis', 'invalid_value']]);
    expect(issues({ kind: 'arrival' })).toEqual([['data', 'invalid_type']]);
    expect(issues({ kind: 'scenario', data: { outcome: 'rain' } })).toEqual([['modality', 'invalid_type']]);
  });

  test('a correction must send every field: a missing one is refused, not set to a default', () => {
    const whole = filledIn(NewContent.parse(posted));
    for (const field of ['body', 'occurred', 'sourcing', 'modality'] as const) {
      const { [field]: _, ...part } = whole;
      expect(SentContent.safeParse(part).success).toBe(false);
    }
    expect(filledIn(SentContent.parse(whole))).toEqual(whole);
  });

  test('fractions of a second that a client sends are cut off before the content is recorded', () => {
    const occurred = { from: '2026-01-31T09:41:07.250Z', precision: 'second' };
    const cut = { from: '2026-01-31T09:41:07Z', precision: 'second' };
    expect(filledIn(NewContent.parse({ ...posted, occurred })).occurred).toEqual(cut);
    expect(filledIn(SentContent.parse({ ...filledIn(NewContent.parse(posted)), occurred })).occurred).toEqual(cut);
  });

  test.each(catalogue.map(kind => [kind.kind, kind] as const))(
    'content of kind %s has defaults that its kind allows',
    (_, kind) => {
      const option = NewContent.options.find(({ shape }) => shape.kind.safeParse(kind.kind).success)!;
      expect(option.shape.occurred.safeParse(undefined).success).toBe(true);
      expect(option.shape.modality.safeParse(undefined).success).toBe(
        (kind.modes ?? ['asserted']).includes('asserted'),
      );
    },
  );
});
