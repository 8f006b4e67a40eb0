import { describe, expect, test } from '@jest/globals';
import { printable } from '#platform';
import fc from 'fast-check';
import { columns, cut, wrap } from './layout.js';

const text = fc
  .array(fc.constantFrom('a', 'word', 'Zusammenhänge', ' ', '\n', '\u001b[2J', '😀😀😀', '\u202e'), { maxLength: 40 })
  .map(parts => parts.join(''));

describe('text for a terminal', () => {
  test('lines break at blanks, and inside a word only if it is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefgh i', 4)).toEqual(['abcd', 'efgh', 'i']);
    expect(wrap('', 7)).toEqual(['']);
  });

  test('lines fit the width, keep every character but blanks, and have no control characters', () =>
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 60 }), (written, width) => {
        const lines = wrap(written, width);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
        expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
        const visible = (s: string) => s.replaceAll(/\s/g, '');
        expect(visible(lines.join(''))).toBe(visible(printable(written)));
      }),
    ));

  test('text that is cut ends with an ellipsis', () => {
    expect(cut('one two three', 8)).toBe('one two…');
    expect(cut('one two', 7)).toBe('one two');
  });

  test('the width is 80 to 120 columns, and 100 without a terminal', () =>
    expect([20, 97, 400, undefined].map(columns)).toEqual([80, 97, 120, 100]));
});
