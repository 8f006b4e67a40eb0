import type { Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import { acting, type StoryDecision } from './acting.js';
import { secondRole, type Approvable, type Approver, type Proposal } from './approvals.js';
import type { StoryEvent, StoryState } from './story.js';
import { handedOn } from './succession.js';
import type { Ground } from './takedown.js';

export const proposeRetraction =
  (command: { development: string; told: unknown; as: 'editor' }): StoryDecision =>
  state =>
    acting(
      state,
      command.development,
      () => alreadyOpen(state, command.development, 'retract') ?? [{ type: 'RetractionProposed', data: command }],
    );

/** What was retracted can be taken down too: its words are still there for those who look back. */
export const proposeTakedown =
  (command: { development: string; told: unknown; as: Approver; ground: Ground }): StoryDecision =>
  state => {
    const held = state.developments.get(command.development);
    if (!held) return refuse('unknown-development');
    if (held.status === 'taken-down') return [];
    return alreadyOpen(state, command.development, 'takedown') ?? [{ type: 'TakedownProposed', data: command }];
  };

/** `told` is what the effect tells of it: the proposal's reason, for a retraction. */
export const approve =
  (command: { proposal: string; as: Approver; by: Author; told: unknown }): StoryDecision =>
  state => {
    const { proposal, as, by, told } = command;
    const held = state.proposals.get(proposal);
    if (!held) return unknownProposal(state);
    if (held.by.id === by.id) return refuse('second-person-needed');
    const needed = secondRole(held);
    if (as !== needed) return refuse('role-needed', { allowed: [needed] });
    const { development } = held;
    const approved: StoryEvent = { type: 'ProposalApproved', data: { development, proposal, as } };
    return [
      approved,
      ...(held.act === 'takedown'
        ? takenDown(state, { development, ground: held.ground, proposal })
        : retracted(state, { development, told })),
    ];
  };

/** By its author or by anybody who could have approved it, who thereby declines. */
export const withdraw =
  (command: { proposal: string; told: unknown }): StoryDecision =>
  state => {
    const held = state.proposals.get(command.proposal);
    if (!held) return unknownProposal(state);
    return [{ type: 'ProposalWithdrawn', data: { development: held.development, ...command } }];
  };

/** All that need an approval from now on. */
export const requireApprovals =
  (command: { acts: Approvable[]; as: 'legal' }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    const acts = [...new Set(command.acts)].sort();
    return acts.join() === state.needApproval.join()
      ? []
      : [{ type: 'ApprovalsRequired', data: { acts, as: command.as } }];
  };

export const retracted = (state: StoryState, data: { development: string; told: unknown }): StoryEvent[] => [
  { type: 'DevelopmentRetracted', data },
  ...handedOn(state, data.development),
];

const takenDown = (
  state: StoryState,
  data: { development: string; ground: Ground; proposal: string },
): StoryEvent[] => [{ type: 'ContentShredded', data }, ...handedOn(state, data.development)];

const unknownProposal = ({ proposals }: StoryState) =>
  refuse('unknown-proposal', { allowed: proposals.keySeq().sort().toArray() });

function alreadyOpen({ proposals }: StoryState, development: string, act: Proposal['act']): Refusal | undefined {
  const open = proposals.findKey(held => held.development === development && held.act === act);
  return open === undefined ? undefined : refuse('proposal-open', { allowed: [open] });
}
