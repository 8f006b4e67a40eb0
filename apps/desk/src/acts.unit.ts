import { expect, test } from '@jest/globals';
import { actsOn, mayClassify, mayCorrect } from './acts.js';
import type { Act, DeskDevelopment, DeskStory, Me } from './contracts.js';
import { nothingKnown, rowsOf, type Row } from './known.js';

const reporter: Me = {
  id: 'rita',
  roles: ['reporter'],
  may: [],
  mayOwn: ['correct-development', 'classify-development'],
};
const editor: Me = { id: 'ann', roles: ['editor'], may: ['correct-development', 'change-embargo', 'lift-embargo'] };
const acts = [
  { act: 'embargo', does: 'change-embargo', title: 'Change the embargo', on: 'development', roles: [] },
  { act: 'lift', does: 'lift-embargo', title: 'Lift the embargo', on: 'development', roles: [] },
] satisfies Act[];

/** The row of a post by the reporter, in a story in which reporters post or submit. */
const rowIn = (review: DeskStory['review'], more: Partial<DeskDevelopment>): Row => {
  const development = {
    ...{ id: 'd', kind: 'update', status: 'active', supersededBy: null, standing: 'reported', key: false },
    ...{ conditions: [], links: [], embargo: null, own: true, submitted: false, ...more },
  } as DeskDevelopment;
  const known = { ...nothingKnown, story: { review } as DeskStory, older: null };
  return rowsOf({ ...known, developments: new Map([['d', development]]) })[0]!;
};

test('a reporter corrects and classifies what they posted; where reporters submit, until it is approved', () => {
  const may = (row: Row) => [mayCorrect(row, reporter), mayClassify(row, reporter)];
  expect(may(rowIn('post', {}))).toEqual([true, true]);
  expect(may(rowIn('submit', { embargo: {}, submitted: true }))).toEqual([true, true]);
  expect(may(rowIn('submit', {}))).toEqual([false, false]);
  expect(may(rowIn('post', { own: false }))).toEqual([false, false]);
  expect(mayCorrect(rowIn('submit', {}), editor)).toBe(true);
});

test('only its approval ends the embargo of a submission, so the desk does not offer to lift it', () => {
  const offered = (more: Partial<DeskDevelopment>) => actsOn(rowIn('submit', more), acts, editor).map(({ act }) => act);
  expect(offered({ embargo: {} })).toEqual(['embargo', 'lift']);
  expect(offered({ embargo: {}, submitted: true })).toEqual([]);
});
