// The catalogue of every act that changes a story, and of every event that follows from one. A new act is a file, and its lines here.
import { approvalsKept, approvalsLoosened, approvalsProposed, approvalsRequired } from './approvals.js';
import { proposeApprovals, requireApprovals } from './approvals.js';
import { approve, contentShredded, proposalApproved, proposalWithdrawn, withdraw } from './approve.js';
import { developmentDisputed, developmentVerified, dispute, verify } from './checks.js';
import { classify, developmentClassified } from './classify.js';
import {
  closeStory,
  reopenStory,
  storyClosed,
  storyClosedSealed,
  storyReopened,
  storyReopenedSealed,
} from './close.js';
import { conditionSettled, conditionSettledSealed, settleCondition } from './conditions.js';
import { copyEdit, developmentCopyEdited } from './copy-edit.js';
import { correct, developmentCorrected } from './correct.js';
import { amendStory, storyAmended } from './header.js';
import { changeEmbargo, developmentEmbargoed, embargoChanged, embargoLifted, liftEmbargo } from './embargo.js';
import { keyPointsSet, keyPointWritten, setKeyPoints } from './key-points.js';
import { developmentLinked, developmentUnlinked, link, unlink } from './links.js';
import { developmentMarkedKey, developmentPinned, developmentUnmarkedKey, developmentUnpinned } from './marks.js';
import { markKey, pin, unmarkKey, unpin } from './marks.js';
import { postingDefaultsSet, setPostingDefaults } from './posting-defaults.js';
import { proposeRetraction, proposeTakedown, retractionProposed, takedownProposed } from './propose.js';
import { developmentRecaptured, recapture } from './recapture.js';
import { developmentRecorded, recordDevelopment } from './record.js';
import { developmentRetracted, retract } from './retract.js';
import { openStory, storyOpened, storyOpenedSealed } from './story.js';
import { proposeTextTakedown, textShredded, textTakedownProposed, textTakedownWithdrawn } from './texts.js';
import {
  approveSubmission,
  developmentSubmitted,
  returnSubmission,
  reviewSet,
  setReview,
  submissionApproved,
  submissionReturned,
  submitDevelopment,
} from './submissions.js';
import { developmentReinstated, developmentSuperseded, supersede } from './supersede.js';
import { memberNamed, memberRemoved, nameMember, removeMember } from './team.js';
import type { Act } from '../define.js';

/** Every act. The desk lists those with a label in this order. */
export const acts = {
  openStory,
  amendStory,
  recordDevelopment,
  correct,
  classify,
  copyEdit,
  recapture,
  retract,
  verify,
  dispute,
  supersede,
  pin,
  unpin,
  markKey,
  unmarkKey,
  changeEmbargo,
  liftEmbargo,
  link,
  unlink,
  proposeRetraction,
  proposeTakedown,
  proposeTextTakedown,
  approve,
  withdraw,
  settleCondition,
  requireApprovals,
  proposeApprovals,
  setPostingDefaults,
  setKeyPoints,
  closeStory,
  reopenStory,
  nameMember,
  removeMember,
  setReview,
  submitDevelopment,
  approveSubmission,
  returnSubmission,
} as const satisfies Record<string, Act>;

/** Every event of a story. */
export const storyEvents = [
  storyOpened,
  storyOpenedSealed,
  storyAmended,
  storyClosed,
  storyClosedSealed,
  storyReopened,
  storyReopenedSealed,
  developmentRecorded,
  developmentCorrected,
  developmentClassified,
  developmentCopyEdited,
  developmentRecaptured,
  developmentRetracted,
  developmentSuperseded,
  developmentReinstated,
  developmentVerified,
  developmentDisputed,
  developmentPinned,
  developmentUnpinned,
  developmentMarkedKey,
  developmentUnmarkedKey,
  conditionSettled,
  conditionSettledSealed,
  developmentEmbargoed,
  embargoChanged,
  embargoLifted,
  developmentLinked,
  developmentUnlinked,
  retractionProposed,
  takedownProposed,
  proposalApproved,
  proposalWithdrawn,
  approvalsRequired,
  approvalsProposed,
  approvalsLoosened,
  approvalsKept,
  contentShredded,
  postingDefaultsSet,
  textTakedownProposed,
  textTakedownWithdrawn,
  textShredded,
  keyPointWritten,
  keyPointsSet,
  memberNamed,
  memberRemoved,
  reviewSet,
  developmentSubmitted,
  submissionApproved,
  submissionReturned,
] as const;
