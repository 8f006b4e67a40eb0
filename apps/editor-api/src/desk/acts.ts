import { Link } from '#domain';
import type { Role } from '#platform';
import type { z } from 'zod';
import { ChangeEmbargoBody } from '../commands/change-embargo.js';
import { CloseStoryBody } from '../commands/close-story.js';
import { DisputeDevelopmentBody } from '../commands/dispute-development.js';
import { ReopenStoryBody } from '../commands/reopen-story.js';
import { RetractDevelopmentBody } from '../commands/retract-development.js';
import { SettleConditionBody } from '../commands/settle-condition.js';
import { SupersedeDevelopmentBody } from '../commands/supersede-development.js';
import { VerifyDevelopmentBody } from '../commands/verify-development.js';

/** What an editor does to something that is there: the last step of its route, and the body that it takes. */
interface Act {
  readonly act: string;
  readonly title: string;
  readonly on: 'development' | 'condition' | 'story';
  readonly roles: readonly Role[];
  readonly body?: z.ZodType;
}

const editors = { roles: ['editor'] } as const;

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
  { act: 'settle', title: 'Settle a condition', on: 'condition', ...editors, body: SettleConditionBody },
  { act: 'close', title: 'Close the story', on: 'story', ...editors, body: CloseStoryBody },
  { act: 'reopen', title: 'Reopen the story', on: 'story', ...editors, body: ReopenStoryBody },
];
