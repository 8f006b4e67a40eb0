import { expect, test } from '@jest/globals';
import { captureAgain, recapturedInWords } from './recapture-dialog.js';

const capture = {
  url: 'https://www.news.example/a',
  title: 'Talks go on',
  text: 'They stay.',
  at: '2026-01-01T12:00:00Z',
};
const other = { ...capture, url: 'https://other.example/' };

test('every page is captured again, and one that cannot be captured stays as it was', async () => {
  const hosts: string[] = [];
  const again = async (url: string) => {
    if (url === other.url) throw new Error('The site could not be reached.');
    return { title: 'Talks end' };
  };
  expect(await captureAgain([capture, other], again, host => hosts.push(host))).toEqual([
    { capture: { ...capture, again: { title: 'Talks end' } } },
    { capture: other, failed: 'The site could not be reached.' },
  ]);
  expect(hosts).toEqual(['news.example', 'other.example']);
});

test.each<[string, object]>([
  ['says the same.', { title: 'Talks go on', text: 'They stay.' }],
  [
    'changed: the title, from “Talks go on” to “Talks end”; the author, from nothing to “Ann”; the text, from “They stay.” to nothing.',
    { title: 'Talks end', author: 'Ann' },
  ],
  ['is gone: its site says that there is no such page.', { gone: true }],
])('the editor reads that a page %s', (words, again) => {
  expect(recapturedInWords({ capture: { ...capture, again } as never })).toBe(words);
});

test('the editor reads why a page was not captured again', () => {
  expect(recapturedInWords({ capture, failed: 'Try again later.' })).toBe('was not captured again. Try again later.');
});
