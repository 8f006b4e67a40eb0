import type { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import type { Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import type { Rules } from './rules.js';

// What takes two people: one proposes, another approves.

/** The roles that a second person may have. */
export const approvers = ['editor', 'legal'] as const;
export type Approver = (typeof approvers)[number];

/** What a story can be set to need an approval for; a takedown always needs one. */
export const approvable = ['retract'] as const;
export type Approvable = (typeof approvable)[number];
export const ApprovableActs = z.array(z.enum(approvable)).max(approvable.length);

/** Why something was taken down, as far as the public is told. */
export const grounds = ['legal', 'privacy', 'safety', 'court-order'] as const;
export type Ground = (typeof grounds)[number];

/** The id of a commit: a hash that is also its record's id. */
export const CommitId = z.string().regex(/^[0-9a-f]{64}$/, 'must be a commit id: 64 hex digits');

interface Proposed {
  readonly by: Author;
  /** The role that its author acted in. */
  readonly as: Approver;
  /** ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
}

/** What waits for a second person on a development. */
export type DevelopmentProposal = Proposed & {
  readonly development: string;
  /** Its reason, in any form. */
  readonly told: unknown;
} & (
    | { readonly act: 'retract' }
    | {
        readonly act: 'takedown';
        readonly ground: Ground;
        readonly rules: Rules;
        /** When its development was last corrected since it was proposed. */
        readonly corrected?: string;
      }
  );

/** What waits for a second person. */
export type Proposal =
  | DevelopmentProposal
  | (Proposed & { readonly act: 'approvals'; readonly acts: readonly Approvable[]; readonly reason: string });

/** By the ids of the commits that made them. */
export type Proposals = Dictionary<string, Proposal>;

const isOn = (held: Proposal, development: string): held is DevelopmentProposal =>
  'development' in held && held.development === development;

/** Those that are not on this development; where an act is given, those to do that act on it are left out alone. */
export const withoutProposalsOn = (proposals: Proposals, development: string, act?: Proposal['act']): Proposals =>
  proposals.filterNot(held => isOn(held, development) && (act === undefined || held.act === act));

/** Those that are not on what takes two people. */
export const withoutLoosening = (proposals: Proposals): Proposals =>
  proposals.filterNot(({ act }) => act === 'approvals');

/**
 * After a correction nobody has seen what a retraction would now bring about, so its proposal ends. A takedown destroys the text
 * whatever it says, and a comma must not hold it up: its proposal stays open, and says when the correction was.
 */
export const afterCorrection = (proposals: Proposals, development: string, recorded: string): Proposals =>
  proposals
    .filterNot(held => isOn(held, development) && !outlivesCorrection(held))
    .map(held => (isOn(held, development) && held.act === 'takedown' ? { ...held, corrected: recorded } : held));

const outlivesCorrection = (held: Proposal): boolean => held.act === 'takedown' && held.rules !== undefined;

/** A refusal where a proposal to do this act on the development is open already. */
export function alreadyOpen(
  proposals: Proposals,
  development: string,
  act: DevelopmentProposal['act'],
): Refusal | undefined {
  const open = proposals.findKey(held => isOn(held, development) && held.act === act);
  return open === undefined ? undefined : refuse('proposal-open', { allowed: [open] });
}

/** The role that the second person needs. */
export const secondRole = ({ act, as }: Pick<Proposal, 'act' | 'as'>): Approver =>
  act === 'takedown' && as === 'editor' ? 'legal' : 'editor';

/** The roles in which another person than its author may end a proposal: an editor alone ends no takedown, and only a lawyer ends a lawyer's. */
export const decliners = ({ act }: Pick<Proposal, 'act'>): readonly Approver[] =>
  act === 'takedown' ? ['legal'] : act === 'retract' ? ['editor'] : ['editor', 'legal'];
