import type { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import type { Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import type { Rules } from './rules.js';

// Acts that take two people: one proposes, another approves.

/** The roles that may approve. */
export const approvers = ['editor', 'legal'] as const;
/** A role that may approve. */
export type Approver = (typeof approvers)[number];

/** Acts that a story can require an approval for; a takedown always requires one. */
export const approvable = ['retract'] as const;
/** An act that a story may require two people for. */
export type Approvable = (typeof approvable)[number];
/** A list of acts that need an approval. */
export const ApprovableActs = z.array(z.enum(approvable)).max(approvable.length);

/** The published reason of a takedown. */
export const grounds = ['legal', 'privacy', 'safety', 'court-order'] as const;
/** The ground of a takedown. */
export type Ground = (typeof grounds)[number];

/** The id of a commit: a hash, and the id of its record. */
export const CommitId = z.string().regex(/^[0-9a-f]{64}$/, 'must be a commit id: 64 hex digits');

interface Proposed {
  readonly by: Author;
  /** The role in which its author proposed it. */
  readonly as: Approver;
  /** ISO 8601, UTC, milliseconds. */
  readonly recorded: string;
}

/** An open proposal about a development. */
export type DevelopmentProposal = Proposed & {
  readonly development: string;
  /** Its reason: a payload in any form. */
  readonly told: unknown;
} & (
    | { readonly act: 'retract' }
    | {
        readonly act: 'takedown';
        readonly ground: Ground;
        readonly rules: Rules;
        /** When its development was last corrected after the proposal: ISO 8601, UTC, milliseconds. */
        readonly corrected?: string;
      }
  );

/** An open proposal to take down a text of the story. */
export type TextProposal = Proposed & {
  readonly act: 'takedown';
  readonly text: string;
  readonly ground: Ground;
  /** Its reason: a payload in any form. */
  readonly told: unknown;
};

/** An open proposal, waiting for a second person. */
export type Proposal =
  | DevelopmentProposal
  | TextProposal
  | (Proposed & { readonly act: 'approvals'; readonly acts: readonly Approvable[]; readonly reason: string });

/** By the id of the proposing commit. */
export type Proposals = Dictionary<string, Proposal>;

const isOn = (held: Proposal, development: string): held is DevelopmentProposal =>
  'development' in held && held.development === development;

/** Removes the proposals on this development; with `act`, only those for that act. */
export const withoutProposalsOn = (proposals: Proposals, development: string, act?: Proposal['act']): Proposals =>
  proposals.filterNot(held => isOn(held, development) && (act === undefined || held.act === act));

const isOnText = (held: Proposal, text: string): boolean => 'text' in held && held.text === text;

/** Removes the proposals on this text. */
export const withoutProposalsOnText = (proposals: Proposals, text: string): Proposals =>
  proposals.filterNot(held => isOnText(held, text));

/** The open proposal on this text, if any. */
export const openOnText = (proposals: Proposals, text: string): string | undefined =>
  proposals.findKey(held => isOnText(held, text));

/** Removes the proposals to require fewer approvals. */
export const withoutLoosening = (proposals: Proposals): Proposals =>
  proposals.filterNot(({ act }) => act === 'approvals');

/**
 * A correction changes what a retraction would affect, so the proposal to retract ends. A takedown destroys the text in any wording,
 * and a comma must not delay it: its proposal stays open, and records when the correction was made.
 */
export const afterCorrection = (proposals: Proposals, development: string, recorded: string): Proposals =>
  proposals
    .filterNot(held => isOn(held, development) && !outlivesCorrection(held))
    .map(held => (isOn(held, development) && held.act === 'takedown' ? { ...held, corrected: recorded } : held));

const outlivesCorrection = (held: Proposal): boolean =>
  held.act === 'takedown' && 'rules' in held && held.rules !== undefined;

/** Refuses if a proposal for this act on the development is already open. */
export function alreadyOpen(
  proposals: Proposals,
  development: string,
  act: DevelopmentProposal['act'],
): Refusal | undefined {
  const open = proposals.findKey(held => isOn(held, development) && held.act === act);
  return open === undefined ? undefined : refuse('proposal-open', { allowed: [open] });
}

/** The role that must approve. */
export const secondRole = ({ act, as }: Pick<Proposal, 'act' | 'as'>): Approver =>
  act === 'takedown' && as === 'editor' ? 'legal' : 'editor';

/**
 * The roles in which someone other than its author may end a proposal: an editor alone cannot end a takedown, and only a lawyer ends a
 * lawyer's.
 */
export const decliners = ({ act }: Pick<Proposal, 'act'>): readonly Approver[] =>
  act === 'takedown' ? ['legal'] : act === 'retract' ? ['editor'] : ['editor', 'legal'];
