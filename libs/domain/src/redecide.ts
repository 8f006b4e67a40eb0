import { amendActor, registerActor, type ActorDecision, type ActorEvent } from './actor/actor.js';
import type { Author } from './author.js';
import * as decisions from './story/decisions.js';
import type { StoryDecision } from './story/decisions.js';
import type { StoryEvent } from './story/story.js';

/**
 * The decision that gives events which begin like these: the log holds no command's body, but it can be told from what
 * was decided. Undefined where no decision begins so. Whether it gives exactly these is to be seen on the state before.
 */
export function redecide([first, ...rest]: readonly StoryEvent[], by: Author): StoryDecision | undefined {
  switch (first?.type) {
    case 'StoryOpened':
      return decisions.openStory(first.data);
    case 'StoryClosed':
      return decisions.closeStory(first.data);
    case 'StoryReopened':
      return decisions.reopenStory(first.data);
    case 'DevelopmentRecorded':
      return decisions.recordDevelopment({
        ...first.data,
        key: rest.some(({ type }) => type === 'DevelopmentMarkedKey'),
        supersedes: rest.find(event => event.type === 'DevelopmentSuperseded')?.data.development,
        embargo: rest.find(event => event.type === 'DevelopmentEmbargoed')?.data,
      });
    case 'DevelopmentCorrected':
      return decisions.correct(first.data);
    case 'DevelopmentRetracted':
      return decisions.retract(first.data);
    case 'DevelopmentSuperseded':
      return decisions.supersede(first.data);
    case 'DevelopmentVerified':
      return decisions.verify(first.data);
    case 'DevelopmentDisputed':
      return decisions.dispute(first.data);
    case 'DevelopmentPinned':
      return decisions.pin(first.data);
    case 'DevelopmentUnpinned':
      return decisions.unpin(first.data);
    case 'DevelopmentMarkedKey':
      return decisions.markKey(first.data);
    case 'DevelopmentUnmarkedKey':
      return decisions.unmarkKey(first.data);
    case 'ConditionSettled':
      return decisions.settleCondition(first.data);
    case 'EmbargoChanged':
      return decisions.changeEmbargo(first.data);
    case 'EmbargoLifted':
      return decisions.liftEmbargo(first.data);
    case 'DevelopmentLinked':
      return decisions.link(first.data);
    case 'DevelopmentUnlinked':
      return decisions.unlink(first.data);
    case 'RetractionProposed':
      return decisions.proposeRetraction(first.data);
    case 'TakedownProposed':
      return decisions.proposeTakedown(first.data);
    case 'ProposalApproved': {
      const told = rest.find(event => event.type === 'DevelopmentRetracted')?.data.told;
      return decisions.approve({ ...first.data, by, told });
    }
    case 'ProposalWithdrawn':
      return decisions.withdraw({ ...first.data, by });
    case 'ApprovalsRequired':
      return decisions.requireApprovals(first.data);
    case 'ApprovalsProposed':
      return decisions.proposeApprovals(first.data);
    case 'ApprovalsLoosened':
      return decisions.approve({ ...first.data, by, told: null });
    case 'ApprovalsKept': {
      const { reason, ...data } = first.data;
      return decisions.withdraw({ ...data, by, told: { reason } });
    }
    // Nothing is reinstated but by a retraction, nor embargoed but by its recording, nor shredded but by an approval; these come first.
    case 'DevelopmentReinstated':
    case 'DevelopmentEmbargoed':
    case 'ContentShredded':
    case undefined:
      return undefined;
  }
}

/** The same for an actor's entry in the registry. */
export function redecideActor([first]: readonly ActorEvent[]): ActorDecision | undefined {
  if (!first) return undefined;
  return first.type === 'ActorRegistered' ? registerActor(first.data) : amendActor(first.data);
}
