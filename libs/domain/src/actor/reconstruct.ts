import type { Author } from '../author.js';
import { amendActor, registerActor, type ActorDecision, type ActorEvent } from './actor.js';
import { approveActorTakedown, proposeActorTakedown, withdrawActorTakedown } from './takedown.js';

/** Reconstructs the decision behind a commit from its first event; undefined if there is none. */
export function reconstructActorDecision([first]: readonly ActorEvent[], by: Author): ActorDecision | undefined {
  switch (first?.type) {
    case undefined:
      return undefined;
    case 'ActorRegistered':
    case 'ActorRegisteredSealed':
      return registerActor(first.data);
    case 'ActorAmended':
    case 'ActorAmendedSealed':
      return amendActor(first.data);
    case 'ActorTakedownProposed':
      return proposeActorTakedown(first.data);
    case 'ActorShredded':
      return approveActorTakedown({ ...first.data, by });
    case 'ActorTakedownWithdrawn':
      return withdrawActorTakedown({ ...first.data, by });
  }
}
