import { expect, test } from '@jest/globals';
import { refilled } from './dialogs.js';

test('a form that is filled again has what a colleague changed, and what was changed here', () => {
  const was = { title: 'Count', summary: 'At nine', zone: 'UTC' };
  const now = { title: 'Count', summary: 'At ten', zone: 'Europe/Vienna' };
  expect(refilled(was, now, was)).toEqual(now);
  // A field that was touched and is still empty is no change.
  expect(refilled(was, now, { ...was, title: 'The count', starts: '' })).toEqual({ ...now, title: 'The count' });
  expect(refilled(was, now, { ...was, summary: '' })).toEqual({ title: 'Count', zone: 'Europe/Vienna' });
  // Where both changed a field, it is as this editor wrote it.
  expect(refilled(was, now, { ...was, summary: 'At noon' })).toEqual({ ...now, summary: 'At noon' });
});

test('a list that was emptied here stays empty', () =>
  expect(refilled({ acts: ['retract'] }, { acts: ['retract'] }, { acts: [] })).toEqual({ acts: [] }));
