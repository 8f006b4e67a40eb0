import { z } from 'zod';
import { refuse } from '../../errors.js';
import { Text } from '../../text.js';
import { defineAct, defineEvent } from '../define.js';
import { ApprovableActs, approvers, CommitId, withoutLoosening, type Approvable } from '../proposals.js';
import { currentRules, formerRules, ruled, secondEdition, underRules, type Rules } from '../rules.js';
import type { StoryDecision, StoryState } from '../state.js';
import { approve, withdraw } from './approve.js';
import { openProposals } from './propose.js';

const Reason = Text(1_000);

/** The complete list of acts that need an approval from now on. */
export const approvalsRequired = defineEvent({
  type: 'ApprovalsRequired',
  fields: { acts: ApprovableActs, as: z.literal('legal'), ...ruled },
  readers: 'internal',
  evolve: (state, { acts }) => ({ ...state, needApproval: acts, proposals: withoutLoosening(state.proposals) }),
  reconstruct: data => requireApprovals.decide(data),
});

/** A proposal that fewer acts need an approval. Its reason concerns no development, so it is not sealed. */
export const approvalsProposed = defineEvent({
  type: 'ApprovalsProposed',
  fields: { acts: ApprovableActs, as: z.literal('legal'), reason: Reason, ...secondEdition },
  readers: 'internal',
  evolve: (state, data, { id, by, recorded }) => ({
    ...state,
    proposals: state.proposals.set(id, { ...data, act: 'approvals', by, recorded }),
  }),
  reconstruct: data => proposeApprovals.decide(data),
  fills: openProposals(false),
});

/** A second person approved the proposal that fewer acts need an approval. */
export const approvalsLoosened = defineEvent({
  type: 'ApprovalsLoosened',
  fields: { acts: ApprovableActs, proposal: CommitId, as: z.literal('editor'), ...secondEdition },
  readers: 'internal',
  evolve: (state, { acts, proposal }) => ({
    ...state,
    needApproval: acts,
    proposals: state.proposals.delete(proposal),
  }),
  reconstruct: (data, _, by) => approve.decide({ ...data, by, told: null }),
});

/** The proposal that fewer acts need an approval was withdrawn or declined. */
export const approvalsKept = defineEvent({
  type: 'ApprovalsKept',
  fields: { proposal: CommitId, as: z.enum(approvers), reason: Reason, ...secondEdition },
  readers: 'internal',
  evolve: (state, { proposal }) => ({ ...state, proposals: state.proposals.delete(proposal) }),
  reconstruct: ({ reason, ...data }, _, by) => withdraw.decide({ ...data, by, told: { reason } }),
});

type Requirement = { readonly acts: readonly Approvable[]; readonly as: 'legal'; readonly rules?: Rules };

const RequireApprovals = z
  .strictObject({
    acts: ApprovableActs.meta({
      description:
        'All acts that need an approval from now on. To remove one, send a proposal: that needs two people. A takedown always needs an approval.',
    }),
  })
  .meta({ id: 'RequireApprovals' });

/** One person may add acts to the list; removing one takes a proposal. */
export const requireApprovals = defineAct({
  does: 'require-approvals',
  on: 'story',
  route: 'approvals',
  summary: 'Require a second approval for acts in this story',
  label: 'Require a second approval',
  body: RequireApprovals,
  command: ({ body: { acts } }) => ({ acts, as: 'legal' as const, rules: currentRules }),
  decide:
    (command: Requirement): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const { as, rules } = command;
      const former = formerRules(state, rules);
      if (former) return former;
      const acts = listed(command.acts);
      if (acts.join() === state.needApproval.join()) return [];
      if (rules && takesOff(state, acts)) return refuse('loosening-takes-two', { path: ['acts'] });
      return [{ type: 'ApprovalsRequired', data: { acts, as, ...underRules(rules) } }];
    },
});

/** Proposes that fewer acts need an approval. */
export const proposeApprovals = defineAct({
  does: 'propose-approvals',
  on: 'story',
  route: 'propose-approvals',
  summary: 'Propose that fewer acts need a second approval; an editor approves it',
  label: 'Propose to require fewer approvals',
  proposes: 'approvals',
  body: RequireApprovals.extend({
    reason: Reason.meta({ description: 'Shown to the editor who has to approve it. The log keeps it permanently.' }),
  }).meta({ id: 'ProposeApprovals' }),
  command: ({ body }) => ({ ...body, as: 'legal' as const }),
  decide:
    (command: Requirement & { readonly reason: string }): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const acts = listed(command.acts);
      if (acts.join() === state.needApproval.join()) return [];
      if (!takesOff(state, acts)) return refuse('nothing-taken-off', { path: ['acts'] });
      const open = state.proposals.findKey(({ act }) => act === 'approvals');
      if (open !== undefined) return refuse('proposal-open', { allowed: [open] });
      return [{ type: 'ApprovalsProposed', data: { ...command, acts, rules: 2 } }];
    },
});

const listed = (acts: readonly Approvable[]): Approvable[] => [...new Set(acts)].sort();
const takesOff = ({ needApproval }: StoryState, acts: readonly Approvable[]) =>
  needApproval.some(act => !acts.includes(act));
