import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstWords } from './first-words.js';
import { anyText } from '../../../test/harness/any-text.js';

test.each([
  ['The last bus has left.', 'The last bus has left'],
  ['The last bus has left. The next one goes at six.', 'The last bus has left'],
  ['At 8 a.m. on Monday the doors open. Come early.', 'At 8 a.m. on Monday the doors open'],
  ['Is that all? “No,” she says.', 'Is that all?'],
  ['And then …', 'And then …'],
  ['## Storm\n\nIt rains.', 'Storm'],
  ['> We *stay* here, **all** of us.', 'We stay here, all of us'],
  ['- one\n- two', 'one two'],
  ['1. First, [the map](https://example.org/map "Map") is here', 'First, the map is here'],
  ['![A flooded street](https://example.org/a.jpg)', 'A flooded street'],
  ['See <https://example.org/x> now', 'See https://example.org/x now'],
  ['---\n\nA line\nbroken in two.\n\nMore.', 'A line broken in two'],
  ['```\ncode\n```\nWords', 'Words'],
  ['snake_case and 5 * 3 * 2 stay', 'snake_case and 5 * 3 * 2 stay'],
  ['Not \\*marked\\*', 'Not *marked*'],
  ['市长今天上午辞职了，没有说明理由。她不再发言。', '市长今天上午辞职了，没有说明理由。'],
  ['***', ''],
  ['```\nonly code\n```', ''],
])('the first words of %j are %j', (markdown, words) => expect(firstWords(markdown, 120)).toBe(words));

test('a long sentence is cut between words', () => {
  expect(firstWords('word '.repeat(100), 20)).toBe('word word word…');
});

test('the first words of any text are one line within the limit', () =>
  fc.assert(
    fc.property(anyText({ maxLength: 400 }), fc.integer({ min: 2, max: 200 }), (markdown, max) => {
      const words = firstWords(markdown, max);
      expect(words.length).toBeLessThanOrEqual(max);
      expect(words).not.toMatch(/[\r\n\u2028\u2029]/);
    }),
    { numRuns: 500 },
  ));

test.each([
  '*'.repeat(50_000),
  '[a]('.repeat(12_000),
  '> '.repeat(25_000),
  `${'a '.repeat(25_000)}.`,
  '- - '.repeat(12_000),
])('firstWords ends for a long text that is made to slow it down', markdown => {
  firstWords(markdown, 120);
});
