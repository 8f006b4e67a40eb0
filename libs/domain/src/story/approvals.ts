import type { Map as Dictionary } from 'immutable';
import { z } from 'zod';
import type { Author, Origin } from '../author.js';
import { Text } from '../text.js';
import { event, of, telling } from './event.js';
import { ruled, secondEdition, type Rules } from './rules.js';
import { CommitId, grounds, type Ground } from './takedown.js';

/** The roles that a second pair of eyes may have. */
export const approvers = ['editor', 'legal'] as const;
export type Approver = (typeof approvers)[number];

/** What a story can be set to need an approval for; a takedown always needs one. */
export const approvable = ['retract'] as const;
export type Approvable = (typeof approvable)[number];

const Acts = z.array(z.enum(approvable)).max(approvable.length);
const Reason = Text(1_000);

// Stored names: for ever. A breaking change is a new event beside the old one.
export const approvalEvents = [
  event('RetractionProposed', { ...telling, as: z.literal('editor') }),
  event('TakedownProposed', { ...telling, ground: z.enum(grounds), as: z.enum(approvers), ...ruled }),
  // In one commit with what was proposed. The proposal is named by the commit that made it.
  event('ProposalApproved', { ...of, proposal: CommitId, as: z.enum(approvers), ...ruled }),
  event('ProposalWithdrawn', { ...telling, proposal: CommitId, as: z.enum(approvers).optional(), ...ruled }),
  // All that need one from now on. Set in one role alone: an editor who could would also be the second pair of eyes.
  event('ApprovalsRequired', { acts: Acts, as: z.literal('legal'), ...ruled }),
  // That fewer acts need one, which a second person has to approve. Its reason is about no development, so it is not sealed.
  event('ApprovalsProposed', { acts: Acts, as: z.literal('legal'), reason: Reason, ...secondEdition }),
  event('ApprovalsLoosened', { acts: Acts, proposal: CommitId, as: z.literal('editor'), ...secondEdition }),
  event('ApprovalsKept', { proposal: CommitId, as: z.enum(approvers), reason: Reason, ...secondEdition }),
] as const;

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
  /** Its reason, in whatever form. */
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

type Proposing =
  | { type: 'RetractionProposed'; data: { development: string; told: unknown; as: 'editor' } }
  | {
      type: 'TakedownProposed';
      data: { development: string; told: unknown; as: Approver; ground: Ground; rules?: Rules };
    }
  | { type: 'ApprovalsProposed'; data: { acts: readonly Approvable[]; as: 'legal'; reason: string } };

export function proposalOf({ type, data }: Proposing, { by, recorded }: Origin): Proposal {
  if (type === 'TakedownProposed') return { ...data, rules: data.rules, act: 'takedown', by, recorded };
  return type === 'RetractionProposed'
    ? { ...data, act: 'retract', by, recorded }
    : { ...data, act: 'approvals', by, recorded };
}

const isOn = (held: Proposal, development: string): held is DevelopmentProposal =>
  'development' in held && held.development === development;

/** Without those on a development, or of these acts on it. */
export const lapsed = (proposals: Proposals, development: string, act?: Proposal['act']): Proposals =>
  proposals.filterNot(held => isOn(held, development) && (act === undefined || held.act === act));

/** Without those on what takes two people. */
export const withoutLoosening = (proposals: Proposals): Proposals =>
  proposals.filterNot(({ act }) => act === 'approvals');

/**
 * After a correction nobody has seen what a retraction would now bring about, so it lapses. A takedown destroys whatever
 * stands and stood there, and must not be held up by a comma: it stays, and says that there was a correction.
 */
export const afterCorrection = (proposals: Proposals, development: string, recorded: string): Proposals =>
  proposals
    .filterNot(held => isOn(held, development) && !outlivesCorrection(held))
    .map(held => (isOn(held, development) && held.act === 'takedown' ? { ...held, corrected: recorded } : held));

const outlivesCorrection = (held: Proposal): boolean => held.act === 'takedown' && held.rules !== undefined;

/** The role that the second person needs. */
export const secondRole = ({ act, as }: Pick<Proposal, 'act' | 'as'>): Approver =>
  act === 'takedown' && as === 'editor' ? 'legal' : 'editor';

/** The roles in which another than its author may end a proposal: an editor alone ends no takedown, and nobody a lawyer's but a lawyer. */
export const decliners = ({ act }: Pick<Proposal, 'act'>): readonly Approver[] =>
  act === 'takedown' ? ['legal'] : act === 'retract' ? ['editor'] : ['editor', 'legal'];
