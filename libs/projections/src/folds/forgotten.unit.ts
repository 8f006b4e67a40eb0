import { describe, expect, test } from '@jest/globals';
import type { ShownEvent } from './fold.js';
import { contentIn, isForgotten, isTakenDown, takedownOf } from './forgotten.js';

const content = { kind: 'context' };
const event = (type: string, data: object) => ({ type, data }) as unknown as ShownEvent;

describe('the payload of an event', () => {
  test.each([
    ['a recording', event('DevelopmentRecorded', { told: { content } }), false, content],
    ['a forgotten recording', event('DevelopmentRecorded', { told: null }), true, null],
    ['a retraction', event('DevelopmentRetracted', { told: { reason: 'wrong' } }), false, null],
    ['a forgotten retraction', event('DevelopmentRetracted', { told: null }), true, null],
    ['a lift of an embargo', event('EmbargoLifted', { withheld: { content } }), false, content],
    ['a lift of a forgotten development', event('EmbargoLifted', { withheld: { content: null } }), true, null],
    ['an event without a payload', event('StoryClosed', {}), false, null],
  ])('isForgotten and contentIn recognise %s', (_what, given, forgotten, brought) => {
    expect(isForgotten(given)).toBe(forgotten);
    expect(contentIn(given)).toEqual(brought);
  });
});

describe('a row', () => {
  const takedown = { ground: 'legal', position: 7, recorded: '2026-01-01T00:00:00.000Z' } as const;
  const known = new Map([['d1', takedown]]);

  test('a row is taken down exactly if its status says so', () => {
    expect(isTakenDown({ status: 'taken-down' })).toBe(true);
    for (const status of ['active', 'superseded', 'retracted'] as const) expect(isTakenDown({ status })).toBe(false);
  });

  test('a row of the past gets the takedown that is known now, unless it has its own', () => {
    const own = { ...takedown, position: 8 };
    expect(takedownOf({ development: 'd1', takedown: null }, known)).toEqual(takedown);
    expect(takedownOf({ development: 'd1', takedown: own }, known)).toEqual(own);
    expect(takedownOf({ development: 'd2', takedown: null }, known)).toBeNull();
  });
});
