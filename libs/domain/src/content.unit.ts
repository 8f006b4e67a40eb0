import { describe, expect, test } from '@jest/globals';
import { actorsOf, Content, headlineOf, mapContentActors } from './content.js';

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
  test('tells what hangs on a condition, is planned or denied as just that, unless the editor wrote the headline', () => {
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
