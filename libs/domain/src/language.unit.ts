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
])('%s is written %s', (language, direction) => expect(directionOf(language)).toBe(direction));

it('of an older story is told as it was meant, or not at all', () =>
  expect(['en_US', 'English', 'toolonglanguage', 'x-private', 'en-', '\u202een'].map(bcp47)).toEqual([
    'en-US',
    ...Array(5).fill(undefined),
  ]));

it('names a language as BCP 47 has it, or not at all', () => {
  expect(bcp47('DE-at')).toBe('de-AT');
  expect(bcp47('not a language')).toBeUndefined();
  expect(bcp47(undefined)).toBeUndefined();
  expect(['zh-cmn-Hans-CN', 'ZH-hans', 'de-1901'].map(bcp47)).toEqual(['zh-Hans-CN', 'zh-Hans', 'de-1901']);
});
