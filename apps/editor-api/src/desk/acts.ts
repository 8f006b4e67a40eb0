import type { DeskTarget } from '#contract';
import { Link } from '#domain';
import type { Role } from '#platform';
import type { z } from 'zod';
import { ChangeEmbargoBody } from '../commands/change-embargo.js';
import { CloseStoryBody } from '../commands/close-story.js';
import { DisputeDevelopmentBody } from '../commands/dispute-development.js';
import { ProposeApprovalsBody } from '../commands/propose-approvals.js';
import { ProposeRetractionBody } from '../commands/propose-retraction.js';
import { ProposeTakedownBody } from '../commands/propose-takedown.js';
import { ReopenStoryBody } from '../commands/reopen-story.js';
import { RequireApprovalsBody } from '../commands/require-approvals.js';
import { RetractDevelopmentBody } from '../commands/retract-development.js';
import { SettleConditionBody } from '../commands/settle-condition.js';
import { SupersedeDevelopmentBody } from '../commands/supersede-development.js';
import { VerifyDevelopmentBody } from '../commands/verify-development.js';
import { WithdrawProposalBody } from '../commands/withdraw-proposal.js';

/** What an editor does to something that is there: the last step of its route, and the body that it takes. */
interface Act {
  readonly act: string;
  readonly title: string;
  readonly on: DeskTarget;
  readonly roles: readonly Role[];
  readonly body?: z.ZodType;
}

const editors = { roles: ['editor'] } as const;
const either = { roles: ['editor', 'legal'] } as const;

/** Every act of a desk that is no new content; a new one adds its line and has its form. */
export const acts: readonly Act[] = [
  { act: 'retract', title: 'Retract', on: 'development', ...editors, body: RetractDevelopmentBody },
  { act: 'verify', title: 'Confirm', on: 'development', ...editors, body: VerifyDevelopmentBody },
  { act: 'dispute', title: 'Dispute', on: 'development', ...editors, body: DisputeDevelopmentBody },
  { act: 'supersede', title: 'Supersede', on: 'development', ...editors, body: SupersedeDevelopmentBody },
  { act: 'pin', title: 'Pin', on: 'development', ...editors },
  { act: 'unpin', title: 'Unpin', on: 'development', ...editors },
  { act: 'mark-key', title: 'Mark as key event', on: 'development', ...editors },
  { act: 'unmark-key', title: 'No key event', on: 'development', ...editors },
  { act: 'embargo', title: 'Change its embargo', on: 'development', ...editors, body: ChangeEmbargoBody },
  { act: 'lift', title: 'Lift its embargo', on: 'development', ...editors },
  { act: 'link', title: 'Link', on: 'development', ...editors, body: Link },
  { act: 'unlink', title: 'Take a link off', on: 'development', ...editors, body: Link },
  {
    act: 'propose-retraction',
    title: 'Propose to retract',
    on: 'development',
    ...editors,
    body: ProposeRetractionBody,
  },
  { act: 'propose-takedown', title: 'Propose to take down', on: 'development', ...either, body: ProposeTakedownBody },
  { act: 'approve', title: 'Approve', on: 'proposal', ...either },
  { act: 'withdraw', title: 'Withdraw or decline', on: 'proposal', ...either, body: WithdrawProposalBody },
  { act: 'settle', title: 'Settle a condition', on: 'condition', ...editors, body: SettleConditionBody },
  { act: 'approvals', title: 'What takes two people', on: 'story', roles: ['legal'], body: RequireApprovalsBody },
  {
    act: 'propose-approvals',
    title: 'Propose that fewer acts take two people',
    on: 'story',
    roles: ['legal'],
    body: ProposeApprovalsBody,
  },
  { act: 'close', title: 'Close the story', on: 'story', ...editors, body: CloseStoryBody },
  { act: 'reopen', title: 'Reopen the story', on: 'story', ...editors, body: ReopenStoryBody },
];
