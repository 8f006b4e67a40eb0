import type { Facet } from '#domain';

/** The field of a mark that says the most, facet by facet: the first that it has. A new facet needs its line here. */
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
