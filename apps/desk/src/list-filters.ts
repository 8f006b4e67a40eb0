import { isUnclassified } from './acts.js';
import type { Me, Submission } from './contracts.js';
import type { Row } from './known.js';
import { mayApprove } from './ui/submissions.js';
import { mayEnd, whyNot } from './ui/proposals.js';

/** What the list of posts can be narrowed to, with its words. */
export const listFilters = {
  all: 'All posts',
  mine: 'Mine',
  'for-me': 'Waiting for me',
  'for-others': 'Waiting for others',
  embargoed: 'Under embargo',
  unclassified: 'Not classified yet',
  rewrite: 'Key points to rewrite',
} as const;
/** A filter of the list of posts. */
export type ListFilter = keyof typeof listFilters;

/** What the filters look at beside the rows. */
export interface FilterContext {
  readonly me: Me;
  readonly submissions: readonly Submission[];
  /** Developments under key points that have to be rewritten. */
  readonly struck: ReadonlySet<string>;
}

/** Whether somebody has to decide something about the development: this person, or somebody else. */
function waits(
  { development, proposals }: Row,
  { me, submissions }: FilterContext,
): 'for-me' | 'for-others' | undefined {
  const submission = submissions.find(({ development: id }) => id === development.id);
  const own = submission?.by.id === me.id;
  const mine =
    proposals.some(proposal => whyNot(proposal, me) === undefined) ||
    (submission !== undefined && (mayApprove(submission, me) || (own && submission.returned !== null)));
  if (mine) return 'for-me';
  return submission !== undefined || proposals.some(proposal => mayEnd(proposal, me)) ? 'for-others' : undefined;
}

/** The filters that a row passes. */
export function filtersOf(row: Row, context: FilterContext): ReadonlySet<ListFilter> {
  const { development } = row;
  const waiting = waits(row, context);
  return new Set<ListFilter>([
    'all',
    ...(development.own ? (['mine'] as const) : []),
    ...(waiting ? [waiting] : []),
    ...(development.embargo && !development.submitted ? (['embargoed'] as const) : []),
    ...(isUnclassified(development) ? (['unclassified'] as const) : []),
    ...(context.struck.has(development.id) ? (['rewrite'] as const) : []),
  ]);
}
