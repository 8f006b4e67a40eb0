import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Story } from './command.js';
import { RequireApprovalsBody } from './require-approvals.js';

export const ProposeApprovalsBody = RequireApprovalsBody.extend({
  reason: Text(1_000).meta({ description: 'For the editor who has to approve it. The log keeps it permanently.' }),
}).meta({ id: 'ProposeApprovals' });

export class ProposeApprovals extends EditorCommand<Story, z.infer<typeof ProposeApprovalsBody>> {
  readonly does = 'propose-approvals';
}

@CommandHandler(ProposeApprovals)
export class ProposeApprovalsHandler extends OnStory<ProposeApprovals> {
  decision = ({ body }: ProposeApprovals) => decisions.proposeApprovals({ ...body, as: 'legal' });
}
