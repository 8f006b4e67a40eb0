import { AmendActorHandler } from './amend-actor.js';
import { ApproveProposalHandler } from './approve-proposal.js';
import { ChangeEmbargoHandler } from './change-embargo.js';
import { CloseStoryHandler } from './close-story.js';
import { CorrectDevelopmentHandler } from './correct-development.js';
import { DisputeDevelopmentHandler } from './dispute-development.js';
import { LiftEmbargoHandler } from './lift-embargo.js';
import { LinkDevelopmentHandler } from './link-development.js';
import { MarkKeyHandler } from './mark-key.js';
import { OpenStoryHandler } from './open-story.js';
import { PinDevelopmentHandler } from './pin-development.js';
import { ProposeApprovalsHandler } from './propose-approvals.js';
import { ProposeRetractionHandler } from './propose-retraction.js';
import { ProposeTakedownHandler } from './propose-takedown.js';
import { RecordDevelopmentHandler } from './record-development.js';
import { RegisterActorHandler } from './register-actor.js';
import { ReopenStoryHandler } from './reopen-story.js';
import { RequireApprovalsHandler } from './require-approvals.js';
import { RetractDevelopmentHandler } from './retract-development.js';
import { SettleConditionHandler } from './settle-condition.js';
import { SupersedeDevelopmentHandler } from './supersede-development.js';
import { UnlinkDevelopmentHandler } from './unlink-development.js';
import { UnmarkKeyHandler } from './unmark-key.js';
import { UnpinDevelopmentHandler } from './unpin-development.js';
import { VerifyDevelopmentHandler } from './verify-development.js';
import { WithdrawProposalHandler } from './withdraw-proposal.js';

/** Every command there is; a new one adds its file, this line and a route. */
export const handlers = [
  AmendActorHandler,
  ApproveProposalHandler,
  ChangeEmbargoHandler,
  CloseStoryHandler,
  CorrectDevelopmentHandler,
  DisputeDevelopmentHandler,
  LiftEmbargoHandler,
  LinkDevelopmentHandler,
  MarkKeyHandler,
  OpenStoryHandler,
  PinDevelopmentHandler,
  ProposeApprovalsHandler,
  ProposeRetractionHandler,
  ProposeTakedownHandler,
  RecordDevelopmentHandler,
  RegisterActorHandler,
  ReopenStoryHandler,
  RequireApprovalsHandler,
  RetractDevelopmentHandler,
  SettleConditionHandler,
  SupersedeDevelopmentHandler,
  UnlinkDevelopmentHandler,
  UnmarkKeyHandler,
  UnpinDevelopmentHandler,
  VerifyDevelopmentHandler,
  WithdrawProposalHandler,
];
