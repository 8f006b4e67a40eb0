import { z } from 'zod';
import type { Author } from '../author.js';
import { isRefusal } from '../errors.js';
import { TakedownBody, takedownRole } from '../story/acts/propose.js';
import type { Sealing } from '../story/define.js';
import { approvers } from '../story/proposals.js';
import { currentRules } from '../story/rules.js';
import { tokenRolesFor, type ActingRole, type Does } from '../story/rights.js';
import { Text } from '../text.js';
import type { ActorDecision, ActorState } from './actor.js';
import {
  approveActorTakedown,
  approverOf,
  declinersOf,
  proposeActorTakedown,
  withdrawActorTakedown,
} from './takedown.js';

/** A command as received, beside its actor. */
export interface TakedownRequest<Body = unknown> {
  readonly by: Author;
  /** The roles in the author's token. */
  readonly roles: readonly string[];
  readonly body: Body;
  /** The proposal that it approves or withdraws; empty for the act that proposes. */
  readonly proposal: string;
}

/** An act that takes part in the takedown of an actor's entry. */
export interface ActorTakedownAct {
  /** A stored name: it never changes. It is part of the hash by which the log knows a command again. */
  readonly does: Does;
  readonly on: 'entry' | 'entryProposal';
  /** The last segment of its route. */
  readonly route: string;
  readonly roles: readonly ActingRole[];
  /** Summary for the API's documents. */
  readonly summary: string;
  readonly body?: z.ZodType;
  /** The key that seals its payload. */
  sealing(state: ActorState): Sealing | undefined;
  decide(request: TakedownRequest<never>): ActorDecision;
}

type Proposing = z.infer<typeof TakedownBody>;

/** The acts of the takedown of an actor's entry, by name. */
export const actorTakedownActs = {
  proposeActorTakedown: {
    does: 'propose-actor-takedown',
    on: 'entry',
    route: 'propose-takedown',
    roles: tokenRolesFor('propose-actor-takedown'),
    summary:
      'Propose to take down an actor’s entry, which destroys its names in all versions; an editor or a lawyer approves it',
    body: TakedownBody.meta({ id: 'ProposeActorTakedown' }),
    sealing: state => (state && 'text' in state && !state.gone ? { key: state.text } : undefined),
    decide: ({ roles, body }: TakedownRequest<Proposing>) => {
      const as = takedownRole(body, roles);
      const { ground, reason } = body;
      return isRefusal(as) ? () => as : proposeActorTakedown({ told: { reason }, ground, as });
    },
  },
  approveActorTakedown: {
    does: 'approve-actor-takedown',
    on: 'entryProposal',
    route: 'approve',
    roles: tokenRolesFor('approve-actor-takedown'),
    summary: 'Approve the takedown of an actor’s entry: the same commit carries it out',
    sealing: () => undefined,
    decide:
      ({ by, roles, proposal }: TakedownRequest) =>
      state => {
        const needed = state?.proposal ? approverOf(state.proposal) : 'editor';
        const as = roles.includes(needed) ? needed : needed === 'editor' ? 'legal' : 'editor';
        return approveActorTakedown({ proposal, as, by, rules: currentRules })(state);
      },
  },
  withdrawActorTakedown: {
    does: 'withdraw-actor-takedown',
    on: 'entryProposal',
    route: 'withdraw',
    roles: tokenRolesFor('withdraw-actor-takedown'),
    summary: 'Withdraw or decline the takedown of an actor’s entry',
    body: z.strictObject({ reason: Text(1_000) }).meta({ id: 'WithdrawActorTakedown' }),
    sealing: state => state?.proposal && { key: state.proposal.text },
    decide: ({ by, roles, proposal, body }: TakedownRequest<{ readonly reason: string }>) =>
      withdrawActorTakedown({
        ...{ proposal, by, told: body, rules: currentRules },
        // The role to record, for a person who has several.
        as: [...declinersOf(), ...approvers].find(role => roles.includes(role)),
      }),
  },
} as const satisfies Record<string, ActorTakedownAct>;
