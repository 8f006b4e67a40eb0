import { expect, test } from '@jest/globals';
import type { DraftSummary } from '../contracts.js';
import type { Draft } from '../drafts.js';
import { continuables, notPosted, outdated } from './continuable.js';

const holder = (id: string) => ({ id });
const summary = (id: string, by: string, changed: string): DraftSummary => ({
  ...{ id, version: 1, act: 'record', holder: holder(by), by: holder(by), begun: '', changed, words: id },
});
const local = (id: string, body: string, saved?: string): Draft => ({
  ...{ id, story: 's', act: 'record', on: 'story', changed: '5', value: { content: { body } } },
  ...(saved !== undefined && { saved: { version: 1, value: { content: { body: saved } }, holder: holder('me') } }),
});

test('own drafts come first, with this browser’s copies, and the open one is not listed', () => {
  const team = [summary('theirs', 'ben', '9'), summary('mine', 'me', '3'), summary('open', 'me', '8')];
  const found = continuables(team, [local('mine', 'typed', 'saved'), local('here', 'only')], 'open', 'me');
  expect(found.map(({ id, copy }) => [id, copy !== undefined])).toEqual([
    ['here', true],
    ['mine', true],
    ['theirs', false],
  ]);
});

test('a copy of an ended draft is outdated only if the newsroom had all of it', () => {
  const copies = [
    local('posted', 'x', 'x'),
    local('more', 'x, and more', 'x'),
    local('new', 'x'),
    local('on', 'x', 'x'),
  ];
  expect(outdated([summary('on', 'me', '1')], copies).map(({ id }) => id)).toEqual(['posted']);
});

test('a post that failed is said to be under “Other drafts” only if it is', () => {
  const draft = local('a', 'Rain.');
  const detail = 'You are offline.';
  expect(notPosted(draft, [draft], { detail })).toBe(
    '“Rain.” was not posted. It is under “Other drafts”. You are offline.',
  );
  expect(notPosted(draft, [local('b', 'Rain.')], { detail })).toBe('“Rain.” was not posted. You are offline.');
  expect(notPosted(local('a', ''), [], {})).toBe('A draft was not posted.');
  expect(notPosted(local('a', 'Rain '.repeat(20)), [], {})).toBe(`“${'Rain '.repeat(8)}…” was not posted.`);
});
