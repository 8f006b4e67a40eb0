import type { Author } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import { decliners, secondRole, type Approver, type Ground } from '../story/proposals.js';
import { isSameUnder, sinceSecond, type Rules } from '../story/rules.js';
import { textsOfActor, type ActorDecision, type ActorProposal, type ActorState } from './actor.js';

// The takedown of an actor's entry. As for a text of a story, two people of different roles agree. It destroys the keys of all versions of
// the entry, former ones too: a name that the last version corrected is the same person's. Afterwards an editor may write a new version.

const act = 'takedown';

/** The role that has to approve the proposal. */
export const approverOf = ({ as }: Pick<ActorProposal, 'as'>): Approver => secondRole({ act, as });
/** The roles in which someone other than its author may end the proposal. */
export const declinersOf = (): readonly Approver[] => decliners({ act });

type Proposed = { readonly told: unknown; readonly as: Approver; readonly ground: Ground };

/** Proposes the takedown of the entry. It stays open when the entry is amended, as the approval destroys that version too. */
export const proposeActorTakedown =
  ({ told, as, ground }: Proposed): ActorDecision =>
  state => {
    if (!state) return refuse('unknown-actor-id');
    if (!('text' in state)) return refuse('entry-in-clear');
    if (state.gone) return [];
    if (state.proposal) return refuse('proposal-open', { allowed: [state.proposal.id] });
    return [{ type: 'ActorTakedownProposed', data: { text: state.text, told, ground, as, rules: 2 } }];
  };

type Approval = { readonly proposal: string; readonly as: Approver; readonly by: Author; readonly rules: Rules };

/** Approves the takedown, and carries it out. */
export const approveActorTakedown =
  ({ proposal, as, by, rules }: Approval): ActorDecision =>
  state => {
    const held = heldOf(state, proposal);
    if ('refused' in held) return held;
    if (isSameUnder(rules, held.by, by)) return refuse('second-person-needed');
    const needed = approverOf(held);
    if (as !== needed) return refuse('role-needed', { allowed: [needed] });
    const texts = [...textsOfActor(state)];
    return [{ type: 'ActorShredded', data: { texts, proposal, ground: held.ground, as, ...sinceSecond(rules) } }];
  };

/** Withdraws or declines the proposal. By its author, or by another person in a role that may decline it. */
export const withdrawActorTakedown =
  ({
    proposal,
    as,
    by,
    told,
    rules,
  }: Omit<Approval, 'as'> & { readonly as?: Approver | undefined; readonly told: unknown }): ActorDecision =>
  state => {
    const held = heldOf(state, proposal);
    if ('refused' in held) return held;
    if (!as || !(isSameUnder(rules, held.by, by) || declinersOf().includes(as)))
      return refuse('role-needed', { allowed: declinersOf() });
    return [{ type: 'ActorTakedownWithdrawn', data: { text: held.text, told, proposal, as, ...sinceSecond(rules) } }];
  };

function heldOf(state: ActorState, proposal: string): ActorProposal | Refusal {
  if (!state) return refuse('unknown-actor-id');
  const open = state.proposal;
  return open?.id === proposal ? open : refuse('unknown-proposal', { allowed: open ? [open.id] : [] });
}
