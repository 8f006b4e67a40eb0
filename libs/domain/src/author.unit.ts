import { describe, expect, test } from '@jest/globals';
import { isSamePerson, Subject } from './author.js';

describe('two ids of people', () => {
  test.each([
    ['ann', 'ann'],
    ['ann', 'Ann'],
    ['ann', 'ANN'],
    ['ann', 'ann '],
    ['ann', '\tann'],
    ['ann', 'ann\u00a0'],
    ['ann', 'a\u200dnn'],
    ['ann', 'ann\u2060'],
    ['ann', 'ann\u034f'],
    ['ann', '\uff41nn'],
    ['zo\u00eb', 'zoe\u0308'],
    ['strasse', 'Stra\u00dfe'],
    ['\u03bf\u03c2', '\u03bf\u03c3'],
  ])('%j and %j count as the same person', (one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
    expect(isSamePerson(other, one)).toBe(true);
  });

  // The last is Cyrillic. A sign-in must not give ids that look alike.
  test.each([
    ['ann', 'anne'],
    ['ann', 'a nn'],
    ['ann', 'a.nn'],
    ['ann', '\u0430nn'],
  ])('%j and %j count as two people', (one, other) => expect(isSamePerson(one, other)).toBe(false));
});

describe("a token's subject", () => {
  test.each(['ann', 'Ann', 'zo\u00eb', 'a b', 'ann@example.org', '0b0c', '\u5f20\u4f1f'])(
    'the subject %j is accepted',
    id => expect(Subject.safeParse(id).success).toBe(true),
  );

  test.each([
    '',
    'machine:0b0c',
    'Machine:0b0c',
    ' ',
    'ann ',
    ' ann',
    'ann\t',
    'a\u200dnn',
    'zoe\u0308',
    '\uff41nn',
    'ann\u202e',
    'dateline',
    'DATELINE',
    'a'.repeat(201),
  ])('the subject %j is refused', id => expect(Subject.safeParse(id).success).toBe(false));
});
