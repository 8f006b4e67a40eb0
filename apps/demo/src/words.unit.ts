import { describe, expect, test } from '@jest/globals';
import { said, sourced, unlikeFact } from './words.js';

const names: Record<string, string> = { ada: 'Ada Quist', ben: 'Ben Ode', isle: 'Isle Council' };
const name = (actor: string) => names[actor] ?? actor;

describe('sourcing in plain words', () => {
  test.each([
    [{ basis: 'on-record', standing: 'confirmed', actor: 'ada' }, 'Ada Quist (on the record, confirmed)'],
    [{ basis: 'official', standing: 'reported' }, 'official sources (reported)'],
    [{ basis: 'official', standing: 'reported', group: 'two ministers' }, 'two ministers (official, reported)'],
    [{ basis: 'anonymous', standing: 'hinted', group: 'insiders' }, 'insiders (anonymous, hinted)'],
    [{ basis: 'media-report', standing: 'reported' }, 'media reports (reported)'],
    [{ basis: 'analyst', standing: 'reported', group: 'observers' }, 'observers (analysis, reported)'],
    [{ basis: 'desk', standing: 'reported' }, 'our desk (reported)'],
  ] as const)('%j is "%s"', (sourcing, words) => expect(sourced(sourcing, sourcing.standing, name)).toBe(words));

  test('the present standing is shown, not the first one', () =>
    expect(sourced({ basis: 'desk', standing: 'reported' }, 'disputed', name)).toBe('our desk (disputed)'));
});

describe('modality in plain words', () => {
  test('an asserted development has no words', () => expect(unlikeFact({ mode: 'asserted' })).toBeUndefined());
  test('a planned development is called planned', () => expect(unlikeFact({ mode: 'planned' })).toBe('planned'));
  test('a conditional development names every condition', () =>
    expect(
      unlikeFact({
        mode: 'conditional',
        conditions: [
          { id: 'calm', text: 'the sea is calm' },
          { id: 'crew', text: 'the crew is paid' },
        ],
      }),
    ).toBe('conditional on: the sea is calm and the crew is paid'));
});

describe('the value of a mark in a few words', () => {
  test.each([
    [{ with: ['ben'], place: 'the quay', means: 'by ferry' }, 'at the quay, with Ben Ode, by ferry'],
    [{ before: 'round table', format: 'letters', with: [] }, 'letters, before: round table'],
    [{ quote: 'We stay.', to: ['ben'], occasion: null }, '“We stay.”, to Ben Ode'],
    [{ role: 'chair', of: 'isle', remit: 'the budget' }, 'chair, of Isle Council, for the budget'],
    [
      { stances: [{ text: 'a calm night', stance: 'hope' }], to: 'the forecast' },
      'hope: a calm night, to the forecast',
    ],
    [{ change: { unit: '%', value: 2.5 }, direction: 'fall' }, 'fall, 2.5 %'],
    [{ depth: 3, stance: 'leave it' }, 'leave it, depth: 3'],
  ])('%j is "%s"', (value, words) => expect(said(value, name)).toBe(words));
});
