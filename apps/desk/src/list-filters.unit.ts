import { expect, test } from '@jest/globals';
import type { DeskDevelopment, Me, Proposal, Submission } from './contracts.js';
import { filtersOf } from './list-filters.js';
import type { Row } from './known.js';

const me: Me = { id: 'ann', roles: ['editor'], may: ['approve-submission'] };
const row = (development: Partial<DeskDevelopment>, proposals: Partial<Proposal>[] = []): Row => ({
  development: {
    id: 'd',
    kind: 'context',
    status: 'active',
    embargo: null,
    own: false,
    submitted: false,
    ...development,
  } as DeskDevelopment,
  ...{ pinned: false, own: false, approvals: [], proposals: proposals as Proposal[] },
});
const submission = (by: string, returned = false): Submission =>
  ({ development: 'd', by: { id: by }, returned: returned ? { by: { id: 'ben' } } : null }) as Submission;
const passes = (row: Row, submissions: Submission[] = [], struck: string[] = []) =>
  [...filtersOf(row, { me, submissions, struck: new Set(struck) })].filter(filter => filter !== 'all');

test('a post is found under what it is, and under whom it waits for', () => {
  expect(passes(row({}))).toEqual([]);
  expect(passes(row({ own: true, embargo: {}, kind: 'update' }))).toEqual(['mine', 'embargoed', 'unclassified']);
  expect(passes(row({}), [], ['d'])).toEqual(['rewrite']);
  const proposed = (by: string) => ({ by: { id: by }, needs: 'editor' as const, declines: [] });
  expect(passes(row({}, [proposed('ben')]))).toEqual(['for-me']);
  expect(passes(row({}, [proposed('ann')]))).toEqual(['for-others']);
});

test('a submission waits for who may approve it, and for its author once it came back', () => {
  expect(passes(row({}), [submission('rita')])).toEqual(['for-me']);
  expect(passes(row({}), [submission('rita', true)])).toEqual(['for-others']);
  expect(passes(row({ own: true }), [submission('ann')])).toEqual(['mine', 'for-others']);
  expect(passes(row({ own: true }), [submission('ann', true)])).toEqual(['mine', 'for-me']);
});
