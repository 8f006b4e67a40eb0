import { approvable, decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Story } from './command.js';

export const RequireApprovalsBody = z
  .strictObject({
    acts: z.array(z.enum(approvable)).max(approvable.length).meta({
      description:
        'All that need an approval from now on. Taking one off takes two people: it is proposed. A takedown always needs one.',
    }),
  })
  .meta({ id: 'RequireApprovals' });

export class RequireApprovals extends EditorCommand<Story, z.infer<typeof RequireApprovalsBody>> {
  readonly does = 'require-approvals';
}

@CommandHandler(RequireApprovals)
export class RequireApprovalsHandler extends OnStory<RequireApprovals> {
  decision = ({ body }: RequireApprovals) => decisions.requireApprovals({ acts: body.acts, as: 'legal', rules: 2 });
}
