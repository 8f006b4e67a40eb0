import { expect, it } from '@jest/globals';
import { bcp47, directionOf } from './language.js';

it.each([
  ['en', 'ltr'],
  ['ar', 'rtl'],
  ['he-IL', 'rtl'],
  ['fa', 'rtl'],
  ['az-Arab', 'rtl'],
  ['az', 'ltr'],
  [null, 'ltr'],
  ['not a language', 'ltr'],
])('the language %s is written %s', (language, direction) => expect(directionOf(language)).toBe(direction));

it('a language tag of an older story becomes a valid BCP 47 tag, or undefined', () =>
  expect(['en_US', 'English', 'toolonglanguage', 'x-private', 'en-', '\u202een'].map(bcp47)).toEqual([
    'en-US',
    ...Array(5).fill(undefined),
  ]));

it('bcp47 gives the canonical tag of a language, or undefined for text that is not a tag', () => {
  expect(bcp47('DE-at')).toBe('de-AT');
  expect(bcp47('not a language')).toBeUndefined();
  expect(bcp47(undefined)).toBeUndefined();
  expect(['zh-cmn-Hans-CN', 'ZH-hans', 'de-1901'].map(bcp47)).toEqual(['zh-Hans-CN', 'zh-Hans', 'de-1901']);
});
