import { z } from 'zod';
import type { Author } from '../../author.js';
import { refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent, of, type OtherEvent } from '../define.js';
import {
  approvers,
  CommitId,
  decliners,
  grounds,
  secondRole,
  withoutProposalsOn,
  type Approver,
  type Ground,
} from '../proposals.js';
import { currentRules, formerRules, isSameUnder, ruled, sinceSecond, underRules, type Rules } from '../rules.js';
import { changed, unpinned, type StoryDecision, type StoryState } from '../state.js';
import type { StoryEvent } from '../story.js';
import { retracted } from './retract.js';
import { handedOn } from './supersede.js';

/** Recorded in one commit with the events that it approves. It names the proposing commit, so that it approves exactly that proposal. */
export const proposalApproved = defineEvent({
  type: 'ProposalApproved',
  fields: { ...of, proposal: CommitId, as: z.enum(approvers), ...ruled },
  readers: 'internal',
  evolve: (state, { proposal }) => ({ ...state, proposals: state.proposals.delete(proposal) }),
  reconstruct: (data, rest, by) => approvedAgain(data, rest, by),
});

/** A retraction's payload is in the commit's other event. */
function approvedAgain(data: Omit<Approval, 'by' | 'told'>, rest: readonly OtherEvent[], by: Author): StoryDecision {
  const retraction = rest.find(({ type }) => type === 'DevelopmentRetracted')?.data as { told: unknown } | undefined;
  return approve.decide({ ...data, by, told: retraction?.told });
}

/**
 * Orders every reader of the log to destroy the key of the development's payloads, which cannot be undone. It is part of the commit
 * that approves the proposal.
 */
export const contentShredded = defineEvent({
  type: 'ContentShredded',
  fields: { ...of, ground: z.enum(grounds), proposal: CommitId },
  readers: 'shown',
  evolve: (state, { development }) => ({
    ...changed(unpinned(state, development), development, { status: 'taken-down', key: false }),
    proposals: withoutProposalsOn(state.proposals, development),
  }),
  reconstruct: null,
});

/** A proposal about a development was withdrawn or declined. */
export const proposalWithdrawn = defineEvent({
  type: 'ProposalWithdrawn',
  fields: { ...of, proposal: CommitId, as: z.enum(approvers).optional(), ...ruled },
  payload: z.strictObject({ reason: Text(1_000) }),
  readers: 'internal',
  evolve: (state, { proposal }) => ({ ...state, proposals: state.proposals.delete(proposal) }),
  reconstruct: (data, _, by) => withdraw.decide({ ...data, by }),
});

type Approval = {
  readonly proposal: string;
  readonly as: Approver;
  readonly by: Author;
  /** The payload of a retraction: the reason that the proposal gave. */
  readonly told: unknown;
  readonly rules?: Rules;
};

const ofSubject = ({ target }: { target: { proposal: string } }, { proposals }: StoryState) => {
  const held = proposals.get(target.proposal);
  if (!held || held.act === 'approvals') return undefined;
  return { key: 'text' in held ? held.text : held.development };
};

/** Approves a proposal, and carries it out in the same commit. */
export const approve = defineAct({
  does: 'approve-proposal',
  on: 'proposal',
  route: 'approve',
  summary: 'Approve a proposal: the same commit carries it out',
  label: 'Approve',
  sealing: (request, story) =>
    story.proposals.get(request.target.proposal)?.act === 'retract' ? ofSubject(request, story) : undefined,
  command: ({ by, roles, target: { proposal } }, { story, reasonOf }) => {
    const held = story.proposals.get(proposal);
    const needed = held ? secondRole(held) : 'editor';
    const as = roles.includes(needed) ? needed : needed === 'editor' ? 'legal' : 'editor';
    const told = held && (held.act === 'retract' ? reasonOf(held) : null);
    return { proposal, as, by, told, rules: currentRules };
  },
  decide:
    (command: Approval): StoryDecision =>
    state => {
      const { proposal, as, by, told, rules } = command;
      const former = formerRules(state, rules);
      if (former) return former;
      const held = state.proposals.get(proposal);
      if (!held) return unknownProposal(state);
      if (isSameUnder(rules, held.by, by)) return refuse('second-person-needed');
      const needed = secondRole(held);
      if (as !== needed) return refuse('role-needed', { allowed: [needed] });
      if (held.act === 'approvals')
        return [
          { type: 'ApprovalsLoosened', data: { acts: [...held.acts], proposal, as: 'editor', ...sinceSecond(rules) } },
        ];
      if ('text' in held) {
        const { text, ground } = held;
        return [{ type: 'TextShredded', data: { text, ground, proposal, as, ...sinceSecond(rules) } }];
      }
      const { development } = held;
      return [
        { type: 'ProposalApproved', data: { development, proposal, as, ...underRules(rules) } },
        ...(held.act === 'takedown'
          ? takenDown(state, { development, ground: held.ground, proposal })
          : retracted(state, { development, told })),
      ];
    },
});

type Withdrawal = {
  readonly proposal: string;
  readonly told: unknown;
  readonly by: Author;
  readonly as?: Approver | undefined;
  readonly rules?: Rules;
};

/** By the author of the proposal, or by another person in a role that may decline it. */
export const withdraw = defineAct({
  does: 'withdraw-proposal',
  on: 'proposal',
  route: 'withdraw',
  summary: 'Withdraw or decline a proposal',
  label: 'Withdraw or decline',
  body: z.strictObject({ reason: Text(1_000) }).meta({ id: 'WithdrawProposal' }),
  sealing: ofSubject,
  command: ({ by, roles, target: { proposal }, body }, { story }) => {
    const held = story.proposals.get(proposal);
    // The role to record, for a person who has several.
    const as = [...(held ? decliners(held) : []), ...approvers].find(role => roles.includes(role));
    return { proposal, told: body, by, as, rules: currentRules };
  },
  decide:
    (command: Withdrawal): StoryDecision =>
    state => {
      const { proposal, told, by, as, rules } = command;
      const former = formerRules(state, rules);
      if (former) return former;
      const held = state.proposals.get(proposal);
      if (!held) return unknownProposal(state);
      if (rules && !(as && (isSameUnder(rules, held.by, by) || decliners(held).includes(as))))
        return refuse('role-needed', { allowed: decliners(held) });
      if (held.act === 'approvals') return kept(command);
      if ('text' in held) {
        if (!as) return refuse('former-rules');
        return [
          { type: 'TextTakedownWithdrawn', data: { text: held.text, proposal, told, as, ...sinceSecond(rules) } },
        ];
      }
      const data = { development: held.development, proposal, told, ...(as && { as }), ...underRules(rules) };
      return [{ type: 'ProposalWithdrawn', data }];
    },
});

function kept({ proposal, as, told, rules }: Withdrawal): ReturnType<StoryDecision> {
  if (!as) return refuse('former-rules');
  const { reason } = told as { reason: string };
  return [{ type: 'ApprovalsKept', data: { proposal, as, reason, ...sinceSecond(rules) } }];
}

const takenDown = (
  state: StoryState,
  data: { development: string; ground: Ground; proposal: string },
): StoryEvent[] => [{ type: 'ContentShredded', data }, ...handedOn(state, data.development)];

const unknownProposal = ({ proposals }: StoryState) =>
  refuse('unknown-proposal', { allowed: proposals.keySeq().sort().toArray() });
