import { may, meOutside } from './acts.js';
import type { Actor, Me } from './contracts.js';
import type { Offer } from './ui/palette.js';
import { mayEnd, whyNot, type Ending } from './ui/proposals.js';

/** What the palette can do with an actor. */
export interface DoingOnActors {
  readonly amend: (actor: string) => void;
  /** Proposes to take down an actor's entry, or ends the proposal. */
  readonly takeDown: (actor: string, step: 'propose' | Ending) => void;
}

/** The acts on an actor's entry that the palette offers. */
const actsOn = (me: Me, { id, proposal, takenDown }: Actor, { amend, takeDown }: DoingOnActors) => [
  { does: 'Amend actor', is: may('amend-actor', me), onPick: () => amend(id) },
  {
    does: 'Propose to take down the name of',
    is: may('propose-actor-takedown', me) && !proposal && !takenDown,
    onPick: () => takeDown(id, 'propose'),
  },
  {
    does: 'Approve: take down the name of',
    is: may('approve-actor-takedown', me) && proposal !== undefined && !whyNot(proposal, me),
    onPick: () => takeDown(id, 'approve'),
  },
  {
    does: 'Withdraw or decline: take down the name of',
    is: may('withdraw-actor-takedown', me) && proposal !== undefined && mayEnd(proposal, me),
    onPick: () => takeDown(id, 'withdraw'),
  },
];

/** Lists what may be done with the registered actors, for the command palette. */
export const offersOnActors = (inStory: Me, actors: Iterable<Actor>, doing: DoingOnActors): Offer[] =>
  [...actors].flatMap(actor =>
    actsOn(meOutside(inStory), actor, doing)
      .filter(({ is }) => is)
      .map(({ does, onPick }) => ({
        ...{ id: `${does} ${actor.id}`, label: `${does}: ${actor.name}`, onPick },
        also: [`${does} ${actor.name}`, actor.name, ...actor.aliases],
      })),
  );
