import { expect, test } from '@jest/globals';
import { storyAddress, noFilter } from '../links.js';
import { holdsWords, passes, wordsIn } from './state.js';

test.each([
  ['', true],
  ['peace TALKS', true],
  ['talks peace', true],
  [' peace ', true],
  ['peace war', false],
])('a headline matches a search if it contains all its words, in any case and order: “%s”', (words, found) =>
  expect(holdsWords('Peace talks begin', wordsIn(words))).toBe(found),
);

test('an update that was taken down has no headline, and matches no search words', () => {
  expect(holdsWords(null, ['peace'])).toBe(false);
  expect(holdsWords(null, [])).toBe(true);
});

test('a new update passes an open search if its headline contains the words', () => {
  const entry = { headline: 'Peace talks begin', kind: 'context', key: false, actors: [] } as never;
  expect(passes({ ...noFilter, words: 'talks' }, entry)).toBe(true);
  expect(passes({ ...noFilter, words: 'war' }, entry)).toBe(false);
});

test('the address of a page of search results contains the words and the other filters', () =>
  expect(storyAddress('talks', 'story', { actors: ['ada'], types: [], key: true, words: 'a&b “c”' }, 'next')).toBe(
    '/s/talks?order=story&actor=ada&key=true&words=a%26b+%E2%80%9Cc%E2%80%9D&cursor=next',
  ));
