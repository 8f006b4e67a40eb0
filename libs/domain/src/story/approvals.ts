import type { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import type { Author, Origin } from '../author.js';
import { event, of, telling } from './event.js';
import { CommitId, grounds, type Ground } from './takedown.js';

/** The roles that a second pair of eyes may have. */
export const approvers = ['editor', 'legal'] as const;
export type Approver = (typeof approvers)[number];

/** What a story can be set to need an approval for; a takedown always needs one. */
export const approvable = ['retract'] as const;
export type Approvable = (typeof approvable)[number];

// Stored names: for ever. A breaking change is a new event beside the old one.
export const approvalEvents = [
  event('RetractionProposed', { ...telling, as: z.literal('editor') }),
  event('TakedownProposed', { ...telling, ground: z.enum(grounds), as: z.enum(approvers) }),
  // In one commit with what was proposed. The proposal is named by the commit that made it.
  event('ProposalApproved', { ...of, proposal: CommitId, as: z.enum(approvers) }),
  event('ProposalWithdrawn', { ...telling, proposal: CommitId }),
  // All that need one from now on. Set in one role alone: an editor who could would also be the second pair of eyes.
  event('ApprovalsRequired', { acts: z.array(z.enum(approvable)).max(approvable.length), as: z.literal('legal') }),
] as const;

/** What waits for a second person. */
export type Proposal = {
  readonly development: string;
  readonly by: Author;
  /** The role that its author acted in. */
  readonly as: Approver;
  /** ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
  /** Its reason, in whatever form. */
  readonly told: unknown;
} & ({ readonly act: 'retract' } | { readonly act: 'takedown'; readonly ground: Ground });

/** By the ids of the commits that made them. */
export type Proposals = Dictionary<string, Proposal>;

type Proposing =
  | { type: 'RetractionProposed'; data: { development: string; told: unknown; as: 'editor' } }
  | { type: 'TakedownProposed'; data: { development: string; told: unknown; as: Approver; ground: Ground } };

export const proposalOf = ({ type, data }: Proposing, { by, recorded }: Origin): Proposal =>
  type === 'TakedownProposed' ? { ...data, act: 'takedown', by, recorded } : { ...data, act: 'retract', by, recorded };

/** Without those on a development, where that has changed so that nobody has seen what they would now bring about. */
export const lapsed = (proposals: Proposals, development: string, act?: Proposal['act']): Proposals =>
  proposals.filterNot(held => held.development === development && (act === undefined || held.act === act));

/** The role that the second person needs. */
export const secondRole = ({ act, as }: Pick<Proposal, 'act' | 'as'>): Approver =>
  act === 'takedown' && as === 'editor' ? 'legal' : 'editor';
