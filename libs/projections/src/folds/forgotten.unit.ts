import { describe, expect, test } from '@jest/globals';
import type { ShownEvent } from './fold.js';
import { contentIn, isForgotten, isTakenDown, takedownOf } from './forgotten.js';

const content = { kind: 'context' };
const event = (type: string, data: object) => ({ type, data }) as unknown as ShownEvent;

describe('the payload', () => {
  test.each([
    ['a recording', event('DevelopmentRecorded', { told: { content } }), false, content],
    ['a forgotten recording', event('DevelopmentRecorded', { told: null }), true, null],
    ['a retraction', event('DevelopmentRetracted', { told: { reason: 'wrong' } }), false, null],
    ['a forgotten retraction', event('DevelopmentRetracted', { told: null }), true, null],
    ['the end of an embargo', event('EmbargoLifted', { withheld: { content } }), false, content],
    ['the end of an embargo of a forgotten one', event('EmbargoLifted', { withheld: { content: null } }), true, null],
    ['an event that seals nothing', event('StoryClosed', {}), false, null],
  ])('of %s', (_what, given, forgotten, brought) => {
    expect(isForgotten(given)).toBe(forgotten);
    expect(contentIn(given)).toEqual(brought);
  });
});

describe('a row', () => {
  const takedown = { ground: 'legal', position: 7, recorded: '2026-01-01T00:00:00.000Z' } as const;
  const known = new Map([['d1', takedown]]);

  test('is taken down by its status alone', () => {
    expect(isTakenDown({ status: 'taken-down' })).toBe(true);
    for (const status of ['active', 'superseded', 'retracted'] as const) expect(isTakenDown({ status })).toBe(false);
  });

  test('of an earlier moment takes its takedown from what is known now, and its own comes first', () => {
    const own = { ...takedown, position: 8 };
    expect(takedownOf({ development: 'd1', takedown: null }, known)).toEqual(takedown);
    expect(takedownOf({ development: 'd1', takedown: own }, known)).toEqual(own);
    expect(takedownOf({ development: 'd2', takedown: null }, known)).toBeNull();
  });
});
