import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closed, isolated } from './bidi.js';

const [lre, rlo, pdf, rli, fsi, pdi] = ['\u202a', '\u202e', '\u202c', '\u2067', '\u2068', '\u2069'];

test.each([
  ['a', 'a'],
  [`${rlo}a`, `${rlo}a${pdf}`],
  [`${rlo}a${pdf}b`, `${rlo}a${pdf}b`],
  [`a${pdf}${pdi}b`, 'ab'],
  [`${rli}${lre}a${pdi}b`, `${rli}${lre}a${pdf}${pdi}b`],
  [`${lre}${rli}a`, `${lre}${rli}a${pdi}${pdf}`],
  [`${rlo}a\nb`, `${rlo}a${pdf}\nb`],
  [`${rli}a${pdf}`, `${rli}a${pdi}`],
])('closed(%j) gives %j', (text, wanted) => expect(closed(text)).toBe(wanted));

test('closing a closed text changes nothing, and the text keeps all its visible characters', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', lre, rlo, pdf, rli, fsi, pdi), maxLength: 20 }), text => {
      const once = closed(text);
      expect(closed(once)).toBe(once);
      expect(once.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')).toBe(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, ''));
      // The text after it in the line is outside everything that it opened.
      expect(closed(`${once}x`)).toBe(`${once}x`);
    }),
  ));

test('a text that could reorder the text beside it is isolated, and another text is unchanged', () => {
  expect(isolated('Ada Berg')).toBe('Ada Berg');
  expect(isolated(`two ${rlo}slaiciffo`)).toBe(`${fsi}two ${rlo}slaiciffo${pdf}${pdi}`);
  expect(isolated('מאיר')).toBe(`${fsi}מאיר${pdi}`);
});
