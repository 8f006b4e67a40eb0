import { expect, test } from '@jest/globals';
import { isZoneName, unshowable } from './new-text.js';
import { Text } from './text.js';

const field = (value: unknown) => unshowable(value)?.path;

test('a new text that JSON, XML or HTML cannot hold is refused, and the error names its field', () => {
  expect(field({ content: { data: { quotes: ['a', 'b\ufffe'] } } })).toEqual(['content', 'data', 'quotes', '1']);
  expect(unshowable({ reason: 'x\uffff' })).toMatchObject({ refused: 'invalid-field', path: ['reason'] });
  expect(field({ reason: 'x', n: 1, none: null, list: [], yes: true })).toBeUndefined();
});

test('a new text accepts exactly the code points that both XML and HTML can hold', () => {
  const xml = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u;
  // "control-character", "noncharacter" and "surrogate" of the HTML standard's errors in the input stream.
  const html = /^[^\p{Noncharacter_Code_Point}\p{Cs}\p{Cc}]$|^[\t\n\r]$/u;
  const text = Text(10);
  for (let point = 0; point <= 0x10ffff; point++) {
    const character = String.fromCodePoint(point);
    const taken = text.safeParse(`a${character}`).success && unshowable(character) === undefined;
    if (taken !== (xml.test(character) && html.test(character))) throw new Error(`U+${point.toString(16)}: ${taken}`);
  }
});

test.each(['UTC', 'Europe/Berlin', 'Etc/GMT+5', 'EST5EDT'])('%s is the name of a time zone', zone =>
  expect(isZoneName(zone)).toBe(true),
);
test.each(['+05:30', '-00:00', '+14', '+23:59', ''])('%j is no name of a time zone', zone =>
  expect(isZoneName(zone)).toBe(false),
);
