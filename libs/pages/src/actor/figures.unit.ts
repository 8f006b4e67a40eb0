import { describe, expect, test } from '@jest/globals';
import { wordsFor } from '../words/index.js';
import { figuresOf } from './figures.js';

const said = (kind: string, value: Record<string, unknown>) =>
  figuresOf(kind, value, wordsFor('en'), id => `The ${id}`);

describe('the figures of a mark as text', () => {
  test('the figures of a result are its votes and share, and how much is counted', () => {
    const counted = { counted: 1_000, total: 1_200, of: 'boxes' };
    expect(
      said('result', { contest: 'mayor', state: 'called', count: 4_111, share: 40.1, fortune: 'won', counted }),
    ).toEqual({
      says: '4,111 votes · 40.1 %',
      rest: { outcome: 'Called, won', counted: '1,000 of 1,200 boxes counted' },
    });
    expect(said('result', { contest: 'mayor', state: 'final', count: 3, unit: 'seats' })?.says).toBe('3 seats');
  });

  test('the figures of an incident are the range and the people; the source is among the remaining fields', () =>
    expect(said('incident', { incident: 'fire', of: 'without-power', least: 2, by: 'police' })).toEqual({
      says: 'At least 2 without power',
      rest: { by: 'police' },
    }));

  test('the figures of a decision are its text and its vote', () =>
    expect(
      said('decision', { matter: 'wall', decision: 'Build it.', by: 'board', vote: { for: 5, against: 0 } }),
    ).toEqual({
      says: 'Build it.',
      rest: { decidedBy: 'board', vote: 'For 5, Against 0' },
    }));

  test('the figures of a score are the goals, the opponent and the phase', () => {
    const score = { match: 'final', score: 2, against: 1, opponent: 'vale', phase: 'in-play', minute: 90, added: 3 };
    expect(said('score', score)?.says).toBe('2–1 The vale · in play · 90+3′');
    const ended = { ...score, shootout: 4, shootoutAgainst: 3, phase: 'ended', minute: undefined };
    expect(said('score', ended)?.says).toBe('2–1 The vale · 4–3 in the shoot-out · ended');
    expect(said('score', { match: 'final', minute: 12, how: 'own-goal' })?.says).toBe('12′ · own goal');
    expect(said('score', { match: 'final' })?.says).toBe('Final');
  });

  test('a mark that only mentions the actor, or is of another kind, has no figures', () => {
    expect(said('incident', { as: 'source' })).toBeUndefined();
    expect(said('score', { act: 'scored in the shoot-out' })).toBeUndefined();
    expect(said('statement', { quote: 'No.' })).toBeUndefined();
  });
});
