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
  test('marks a conditional, planned or denied development as such, unless the editor wrote the headline', () => {
    const content = scenario(storm);
    expect(headlineOf(content, name)).toBe('If the storm turns: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'planned' } }, name)).toBe('Planned: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'denied' } }, name)).toBe('Denied: the harbour closes');
    expect(headlineOf({ ...content, modality: { mode: 'asserted' } }, name)).toBe('the harbour closes');
    expect(headlineOf({ ...content, headline: 'Harbour may shut' }, name)).toBe('Harbour may shut');
  });

  test('stays within the headline’s limit whatever the conditions', () => {
    const conditions = [{ id: 'a', text: 'x '.repeat(149) }];
    expect(headlineOf(scenario({ mode: 'conditional', conditions }), name).length).toBeLessThanOrEqual(300);
  });

  test('names its actors, its source included, and maps each of them', () => {
    expect(actorsOf(scenario(storm))).toEqual(['Harbour', 'Met Office']);
    expect(actorsOf(mapContentActors(scenario(storm), ref => ref.toLowerCase()))).toEqual(['harbour', 'met office']);
  });

  test('refuses a mode that makes no sense for the kind, an unknown kind, and a condition too few, by field', () => {
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

describe('a new content', () => {
  const posted = { kind: 'update', body: 'The last bus has left. The next one goes at six.' };

  test('needs nothing but its text: every other field has a default that invents nothing', () => {
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

  test('keeps what the client gave', () => {
    const content = scenario(storm);
    expect(filledIn(NewContent.parse(content))).toEqual(content);
  });

  test('is refused without its text, with fields that its kind lacks, and where half of a field is left out', () => {
    const issues = (content: object) =>
      NewContent.safeParse(content).error?.issues.map(({ path, code }) => [path.join('.'), code]);
    expect(issues({ kind: 'update' })).toEqual([['body', 'invalid_type']]);
    expect(issues({ kind: 'update', body: ' ' })).toEqual([['body', 'invalid_format']]);
    expect(issues({ ...posted, data: { topic: 'Buses' } })).toEqual([['data', 'unrecognized_keys']]);
    expect(issues({ ...posted, sourcing: { standing: 'hinted' } })).toEqual([['sourcing.basis', 'invalid_value']]);
    expect(issues({ kind: 'arrival' })).toEqual([['data', 'invalid_type']]);
    expect(issues({ kind: 'scenario', data: { outcome: 'rain' } })).toEqual([['modality', 'invalid_type']]);
  });

  test('of a correction is whole: a field left out is refused, not set to a default', () => {
    const whole = filledIn(NewContent.parse(posted));
    for (const field of ['body', 'occurred', 'sourcing', 'modality'] as const) {
      const { [field]: _, ...part } = whole;
      expect(SentContent.safeParse(part).success).toBe(false);
    }
    expect(filledIn(SentContent.parse(whole))).toEqual(whole);
  });

  test('has whole seconds in the log, whatever a client’s library writes', () => {
    const occurred = { from: '2026-01-31T09:41:07.250Z', precision: 'second' };
    const cut = { from: '2026-01-31T09:41:07Z', precision: 'second' };
    expect(filledIn(NewContent.parse({ ...posted, occurred })).occurred).toEqual(cut);
    expect(filledIn(SentContent.parse({ ...filledIn(NewContent.parse(posted)), occurred })).occurred).toEqual(cut);
  });

  test.each(catalogue.map(kind => [kind.kind, kind] as const))(
    'of a %s has defaults that its kind allows',
    (_, kind) => {
      const option = NewContent.options.find(({ shape }) => shape.kind.safeParse(kind.kind).success)!;
      expect(option.shape.occurred.safeParse(undefined).success).toBe(true);
      expect(option.shape.modality.safeParse(undefined).success).toBe(
        (kind.modes ?? ['asserted']).includes('asserted'),
      );
    },
  );
});
