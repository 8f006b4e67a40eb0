import type { Facet } from '#domain';

/** The leading field of a mark, by facet: the first in the list that the mark has. A new facet needs a line here. */
export const leads: Readonly<Record<Facet, readonly string[]>> = {
  presence: ['place', 'left'],
  meeting: ['format'],
  role: ['role'],
  delegation: ['role'],
  position: ['stance'],
  demand: ['demand'],
  'warning-given': ['threat'],
  'warning-received': ['threat'],
  reaction: ['stances'],
  statement: ['quote', 'paraphrase'],
  mention: ['quote', 'paraphrase', 'demand'],
  proposal: ['proposal'],
  relation: ['state'],
  prospect: ['outcome'],
  market: ['direction'],
  obstacle: ['obstacle'],
  outcome: ['summary'],
  act: ['act'],
  context: ['topic'],
};
