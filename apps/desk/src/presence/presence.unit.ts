import { expect, test } from '@jest/globals';
import type { Present } from '../contracts.js';
import { atWork, colleagues, doingWith } from './presence.js';

const present = (id: string, does: Present['does'], target: string | null = null, tab = id): Present => ({
  ...{ person: { id, name: id.toUpperCase() }, tab, does, target, since: '' },
});

test('who is at a development is said in words, without this page', () => {
  const people = [
    present('ada', 'correcting', 'd1'),
    present('ben', 'correcting', 'd1'),
    present('cleo', 'classifying', 'd1'),
    present('dan', 'writing'),
  ];
  expect(atWork(people, 'd1', '')).toBe('ADA and BEN are correcting this; CLEO is classifying this');
  expect(atWork(people, 'd1', 'ben')).toBe('ADA is correcting this; CLEO is classifying this');
  expect(atWork(people, 'd2', '')).toBeUndefined();
  expect(atWork([present('ada', 'correcting', 'd1', 'a'), present('ada', 'correcting', 'd1', 'b')], 'd1', 'b')).toBe(
    'ADA is correcting this',
  );
});

test('colleagues are named once each, and the person is none', () => {
  const people = [present('ada', 'here'), present('ada', 'writing', null, 'x'), present('ben', 'here')];
  expect(colleagues(people, 'ben')).toEqual([{ id: 'ada', name: 'ADA', writes: true }]);
});

test('an empty draft is no work, and a correction names its development', () => {
  const draft = {
    id: 'd',
    story: 's',
    act: 'correct',
    on: 'development',
    target: 'd1',
    value: {},
    changed: '',
  } as const;
  expect(doingWith(draft, true)).toEqual({ does: 'here' });
  expect(doingWith(draft, false)).toEqual({ does: 'correcting', target: 'd1' });
  expect(doingWith({ ...draft, act: 'record', on: 'story' }, false)).toEqual({ does: 'writing' });
});
