import { expect, test } from '@jest/globals';
import { storyAddress, noFilter } from '../links.js';
import { holdsWords, passes, wordsIn } from './state.js';

test.each([
  ['', true],
  ['peace TALKS', true],
  ['talks peace', true],
  [' peace ', true],
  ['peace war', false],
])('a headline is found by each of its words, in whatever case and order: “%s”', (words, found) =>
  expect(holdsWords('Peace talks begin', wordsIn(words))).toBe(found),
);

test('what was taken down has no headline, and no words find it', () => {
  expect(holdsWords(null, ['peace'])).toBe(false);
  expect(holdsWords(null, [])).toBe(true);
});

test('an update that comes while a search is open belongs to it when its headline holds the words', () => {
  const entry = { headline: 'Peace talks begin', kind: 'context', key: false, actors: [] } as never;
  expect(passes({ ...noFilter, words: 'talks' }, entry)).toBe(true);
  expect(passes({ ...noFilter, words: 'war' }, entry)).toBe(false);
});

test('a search is kept beside the other filters in the address of every page of it', () =>
  expect(storyAddress('talks', 'story', { actors: ['ada'], types: [], key: true, words: 'a&b “c”' }, 'next')).toBe(
    '/s/talks?order=story&actor=ada&key=true&words=a%26b+%E2%80%9Cc%E2%80%9D&cursor=next',
  ));
