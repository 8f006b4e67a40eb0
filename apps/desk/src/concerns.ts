import type { StoryEventType } from '#contract';
import { at } from './form-model/values.js';
import type { Commit, DeskDevelopment } from './contracts.js';
import type { Draft } from './drafts.js';
import { plainKind } from './kind/defaults.js';

/** The changes by colleagues to what an act on the whole story replaces. */
const replaced: Readonly<Record<string, RegExp>> = {
  amend: /^TextShredded/,
  approvals: /^Approvals/,
  'posting-defaults': /^PostingDefaults/,
  'propose-approvals': /^Approvals/,
  review: /^Review/,
};

/** Whether a change by a colleague concerns an act on the whole story. */
const concernsStory = (act: string, type: string): boolean =>
  act === 'key-points'
    ? /^KeyPoint|^TextShredded/.test(type)
    : type.startsWith('Story') || (replaced[act]?.test(type) ?? false);

/**
 * Selects the changes by colleagues that the editor should see before continuing: changes to the draft's subject, and new
 * developments of the same kind, which may be the same news. A plain update says nothing about its news, so another one needs no
 * question; neither do other changes.
 */
export function concerning(
  draft: Draft,
  meanwhile: readonly Commit[],
  developments: ReadonlyMap<string, DeskDevelopment>,
): Commit[] {
  const about = new Set([draft.target, at(draft.value, ['supersedes']), at(draft.value, ['by'])]);
  about.delete(undefined);
  const kind = draft.act === 'record' ? at(draft.value, ['content', 'kind']) : undefined;
  const touches = ({ type, development }: Commit['events'][number]) => {
    if (draft.on === 'story' && draft.act !== 'record') return concernsStory(draft.act, type);
    if (development !== undefined && about.has(development)) return true;
    if (type.startsWith('ConditionSettled')) return draft.on === 'condition';
    return (
      type === 'DevelopmentRecorded' &&
      kind !== undefined &&
      kind !== plainKind &&
      developments.get(development ?? '')?.kind === kind
    );
  };
  return meanwhile.filter(({ events }) => events.some(touches));
}

const did: Readonly<Record<StoryEventType, string>> = {
  StoryOpened: 'opened the story',
  StoryOpenedSealed: 'opened the story',
  StoryAmended: 'changed the headline',
  TextTakedownProposed: 'proposed to take down a headline or a key point',
  TextTakedownWithdrawn: 'withdrew the proposal to take down a headline or a key point',
  TextShredded: 'took down a headline or a key point',
  KeyPointWritten: 'changed what we know',
  KeyPointsSet: 'changed what we know',
  DevelopmentRecorded: 'posted',
  DevelopmentCorrected: 'corrected',
  DevelopmentClassified: 'classified',
  DevelopmentSubmitted: 'submitted',
  SubmissionApproved: 'approved',
  SubmissionReturned: 'sent back',
  ReviewSet: 'set the review of reporters’ posts',
  DevelopmentCopyEdited: 'edited',
  DevelopmentRecaptured: 'captured again the linked pages of',
  DevelopmentRetracted: 'retracted',
  DevelopmentSuperseded: 'superseded',
  DevelopmentReinstated: 'reinstated',
  DevelopmentVerified: 'confirmed',
  DevelopmentDisputed: 'disputed',
  DevelopmentPinned: 'pinned',
  DevelopmentUnpinned: 'unpinned',
  DevelopmentMarkedKey: 'marked as key event',
  DevelopmentUnmarkedKey: 'unmarked as key event',
  DevelopmentEmbargoed: 'put under embargo',
  EmbargoChanged: 'changed the embargo of',
  EmbargoLifted: 'lifted the embargo of',
  DevelopmentLinked: 'linked',
  DevelopmentUnlinked: 'removed a link from',
  RetractionProposed: 'proposed to retract',
  TakedownProposed: 'proposed to take down',
  ProposalApproved: 'approved the proposal on',
  ProposalWithdrawn: 'withdrew the proposal on',
  ContentShredded: 'took down',
  ApprovalsRequired: 'changed which acts need a second approval',
  ApprovalsProposed: 'proposed to require fewer approvals',
  ApprovalsLoosened: 'approved to require fewer approvals',
  ApprovalsKept: 'ended the proposal to require fewer approvals',
  MemberNamed: 'changed the team',
  MemberRemoved: 'removed somebody from the team',
  PostingDefaultsSet: 'set the posting defaults',
  ConditionSettled: 'settled a condition',
  ConditionSettledSealed: 'settled a condition',
  StoryClosed: 'closed the story',
  StoryClosedSealed: 'closed the story',
  StoryReopened: 'reopened the story',
  StoryReopenedSealed: 'reopened the story',
};

/**
 * A text such as "Ada Pol corrected". An event of a later version, for which no words exist here, is shown by its own name.
 */
export function summaryOf({ by, events }: Commit): string {
  const [first] = events;
  const type = first?.type ?? '';
  return `${by.name ?? by.id} ${(did as Readonly<Record<string, string>>)[type] ?? type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}`;
}
