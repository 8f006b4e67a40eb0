import { isSamePerson, type Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import { acting, type StoryDecision } from './acting.js';
import { decliners, secondRole, type Approvable, type Approver, type DevelopmentProposal } from './approvals.js';
import { formerRules, underRules, type Rules } from './rules.js';
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
  (command: { development: string; told: unknown; as: Approver; ground: Ground; rules?: Rules }): StoryDecision =>
  state => {
    const former = formerRules(state, command.rules);
    if (former) return former;
    const held = state.developments.get(command.development);
    if (!held) return refuse('unknown-development');
    if (held.status === 'taken-down') return [];
    return alreadyOpen(state, command.development, 'takedown') ?? [{ type: 'TakedownProposed', data: command }];
  };

/** `told` is what the effect tells of it: the proposal's reason, for a retraction. */
export const approve =
  (command: { proposal: string; as: Approver; by: Author; told: unknown; rules?: Rules }): StoryDecision =>
  state => {
    const { proposal, as, by, told, rules } = command;
    const former = formerRules(state, rules);
    if (former) return former;
    const held = state.proposals.get(proposal);
    if (!held) return unknownProposal(state);
    if (isSame(held.by, by, rules)) return refuse('second-person-needed');
    const needed = secondRole(held);
    if (as !== needed) return refuse('role-needed', { allowed: [needed] });
    if (held.act === 'approvals')
      return [{ type: 'ApprovalsLoosened', data: { acts: [...held.acts], proposal, as: 'editor', rules: 2 } }];
    const { development } = held;
    const approved: StoryEvent = {
      type: 'ProposalApproved',
      data: { development, proposal, as, ...underRules(rules) },
    };
    return [
      approved,
      ...(held.act === 'takedown'
        ? takenDown(state, { development, ground: held.ground, proposal })
        : retracted(state, { development, told })),
    ];
  };

/** By its author, or by another in a role that may decline it. `told.reason` says why. */
export const withdraw =
  (command: { proposal: string; told: unknown; by: Author; as?: Approver | undefined; rules?: Rules }): StoryDecision =>
  state => {
    const { proposal, told, by, as, rules } = command;
    const former = formerRules(state, rules);
    if (former) return former;
    const held = state.proposals.get(proposal);
    if (!held) return unknownProposal(state);
    if (rules && !(as && (isSame(held.by, by, rules) || decliners(held).includes(as))))
      return refuse('role-needed', { allowed: decliners(held) });
    if (held.act === 'approvals')
      return as
        ? [{ type: 'ApprovalsKept', data: { proposal, as, reason: (told as { reason: string }).reason, rules: 2 } }]
        : refuse('former-rules');
    const data = { development: held.development, proposal, told, ...(as && { as }), ...underRules(rules) };
    return [{ type: 'ProposalWithdrawn', data }];
  };

/** All that need an approval from now on. One person may add to them; taking one off has to be proposed. */
export const requireApprovals =
  (command: { acts: readonly Approvable[]; as: 'legal'; rules?: Rules }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    const { as, rules } = command;
    const former = formerRules(state, rules);
    if (former) return former;
    const acts = listed(command.acts);
    if (acts.join() === state.needApproval.join()) return [];
    if (rules && takesOff(state, acts)) return refuse('loosening-takes-two', { path: ['acts'] });
    return [{ type: 'ApprovalsRequired', data: { acts, as, ...underRules(rules) } }];
  };

/** The same, where it takes an act off: for an editor to approve. */
export const proposeApprovals =
  (command: { acts: readonly Approvable[]; as: 'legal'; reason: string }): StoryDecision =>
  state => {
    if (state.status === 'none') return refuse('unknown-story');
    const acts = listed(command.acts);
    if (acts.join() === state.needApproval.join()) return [];
    if (!takesOff(state, acts)) return refuse('nothing-taken-off', { path: ['acts'] });
    const open = state.proposals.findKey(({ act }) => act === 'approvals');
    if (open !== undefined) return refuse('proposal-open', { allowed: [open] });
    return [{ type: 'ApprovalsProposed', data: { ...command, acts, rules: 2 } }];
  };

const listed = (acts: readonly Approvable[]): Approvable[] => [...new Set(acts)].sort();
const takesOff = ({ needApproval }: StoryState, acts: readonly Approvable[]) =>
  needApproval.some(act => !acts.includes(act));

/** Under the first edition of the rules an id was one person by its bytes. */
const isSame = (one: Author, other: Author, rules: Rules): boolean =>
  rules ? isSamePerson(one.id, other.id) : one.id === other.id;

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

function alreadyOpen(
  { proposals }: StoryState,
  development: string,
  act: DevelopmentProposal['act'],
): Refusal | undefined {
  const open = proposals.findKey(held => 'development' in held && held.development === development && held.act === act);
  return open === undefined ? undefined : refuse('proposal-open', { allowed: [open] });
}
