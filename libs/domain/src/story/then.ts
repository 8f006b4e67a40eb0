import { system, type CommitAuthor } from '../author.js';
import { refuse, type Refusal } from '../errors.js';
import { notAllowedIn, rolesIn, type Does, type Person } from './rights.js';
import type { StoryState } from './state.js';
import type { StoryEvent, StoryEventType } from './story.js';
import { memberOf, teamRoles } from './team.js';

/** The act that a commit did, by its first event; null for events that no commit begins with. */
export const actOf = {
  StoryOpened: 'open-story',
  StoryOpenedSealed: 'open-story',
  StoryAmended: 'amend-story',
  StoryClosed: 'close-story',
  StoryClosedSealed: 'close-story',
  StoryReopened: 'reopen-story',
  StoryReopenedSealed: 'reopen-story',
  DevelopmentRecorded: 'record-development',
  DevelopmentCorrected: 'correct-development',
  DevelopmentClassified: 'classify-development',
  DevelopmentCopyEdited: 'copy-edit-development',
  DevelopmentRecaptured: 'recapture-development',
  DevelopmentRetracted: 'retract-development',
  DevelopmentSuperseded: 'supersede-development',
  DevelopmentReinstated: null,
  DevelopmentVerified: 'verify-development',
  DevelopmentDisputed: 'dispute-development',
  DevelopmentPinned: 'pin-development',
  DevelopmentUnpinned: 'unpin-development',
  DevelopmentMarkedKey: 'mark-key',
  DevelopmentUnmarkedKey: 'unmark-key',
  ConditionSettled: 'settle-condition',
  ConditionSettledSealed: 'settle-condition',
  DevelopmentEmbargoed: null,
  EmbargoChanged: 'change-embargo',
  EmbargoLifted: 'lift-embargo',
  DevelopmentLinked: 'link-development',
  DevelopmentUnlinked: 'unlink-development',
  RetractionProposed: 'propose-retraction',
  TakedownProposed: 'propose-takedown',
  ProposalApproved: 'approve-proposal',
  ProposalWithdrawn: 'withdraw-proposal',
  ApprovalsRequired: 'require-approvals',
  ApprovalsProposed: 'propose-approvals',
  ApprovalsLoosened: 'approve-proposal',
  ApprovalsKept: 'withdraw-proposal',
  ContentShredded: null,
  PostingDefaultsSet: 'set-posting-defaults',
  TextTakedownProposed: 'propose-text-takedown',
  TextTakedownWithdrawn: 'withdraw-proposal',
  TextShredded: 'approve-proposal',
  KeyPointWritten: 'set-key-points',
  KeyPointsSet: 'set-key-points',
  MemberNamed: 'name-member',
  MemberRemoved: 'remove-member',
  ReviewSet: 'set-review',
  DevelopmentSubmitted: null,
  SubmissionApproved: 'approve-submission',
  SubmissionReturned: 'return-submission',
} as const satisfies Record<StoryEventType, Does | null>;

/** The person as the commit shows them. The log knows a role of a token only where the event says that its author acted in it. */
const personOf = ({ id, maker }: CommitAuthor, as: string | undefined): Person => ({
  id,
  maker,
  roles: ['editor', ...(as === 'legal' || as === 'managing' ? [as] : [])],
});

/**
 * Whether the author of these events was allowed to record them then: on the state before them, by the story's team. Undefined if so. In
 * a story of the whole newsroom the log holds nothing to tell by.
 */
export function notAllowedThen(
  state: StoryState,
  [first]: readonly StoryEvent[],
  by: CommitAuthor,
): Refusal | undefined {
  if (!state.team || !first) return undefined;
  // The system itself lifts an embargo when its time comes, and does nothing else.
  if (by.id === system.id && first.type === 'EmbargoLifted') return undefined;
  const does = actOf[first.type];
  if (!does) return undefined;
  const data = first.data as { readonly development?: string; readonly as?: string };
  const person = personOf(by, data.as);
  const refused = notAllowedIn(state, does, person, data);
  if (refused) return memberOf(state.team, by.maker ?? by.id) ? refused : refuse('not-in-team');
  // A role of the team that the event names must be the author's.
  const isOfTeam = (teamRoles as readonly string[]).includes(data.as ?? '');
  return isOfTeam && !rolesIn(state, person).includes(data.as!) ? refuse('role-needed') : undefined;
}
