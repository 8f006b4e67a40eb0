import { expect, test } from '@jest/globals';
import { bylineInWords, namingOf, withSaidByline } from './byline.js';

const ada = { name: 'Ada Vik', role: 'reporter', place: 'Berlin' };
const wire = { name: 'Coast Wire', as: 'agency', place: 'Bonn' };

test.each([
  [undefined, 'Ben Ito', 'own', 'by Ben Ito'],
  // A correction, or a person whose token gives no name.
  [undefined, undefined, 'nobody', 'no byline'],
  [[], 'Ben Ito', 'nobody', 'no byline'],
  [[ada], 'Ben Ito', 'names', 'by Ada Vik (reporter) in Berlin'],
  [
    [ada, { name: ' ' }, { name: 'Cid' }, wire],
    undefined,
    'names',
    'by Ada Vik (reporter) in Berlin, Cid and Coast Wire in Bonn',
  ],
  // What is blank is not sent, so the default applies.
  [[{ name: ' ' }], 'Ben Ito', 'names', 'by Ben Ito'],
  [[{}], undefined, 'names', 'no byline'],
])('a byline in words: %j of a post by %s', (byline, own, naming, words) => {
  expect(namingOf(byline, own)).toBe(naming);
  expect(bylineInWords(byline, own)).toBe(words);
});

test('a preview of a correction without a byline names nobody', () => {
  expect(withSaidByline({ kind: 'update' })).toEqual({ kind: 'update', byline: [] });
  expect(withSaidByline({ kind: 'update', byline: [ada] })).toEqual({ kind: 'update', byline: [ada] });
  expect(withSaidByline(undefined)).toBeUndefined();
});
