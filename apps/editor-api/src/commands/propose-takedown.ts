import { approvers, decisions, grounds, refuse, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Development } from './command.js';

export const ProposeTakedownBody = z
  .strictObject({
    ground: z.enum(grounds).meta({ description: 'What the public is told of why, for ever.' }),
    reason: Text(1_000).meta({ description: 'For the second person; destroyed with the words themselves.' }),
    as: z.enum(approvers).optional().meta({
      description: 'The role acted in, for whoever has both; the approval has to come in the other one.',
    }),
  })
  .meta({ id: 'ProposeTakedown' });

export class ProposeTakedown extends EditorCommand<Development, z.infer<typeof ProposeTakedownBody>> {
  readonly does = 'propose-takedown';
}

@CommandHandler(ProposeTakedown)
export class ProposeTakedownHandler extends OnStory<ProposeTakedown> {
  decision = ({ envelope: { roles }, target, body }: ProposeTakedown) => {
    const { ground, reason, as = roles.includes('editor') ? 'editor' : 'legal' } = body;
    if (!roles.includes(as)) return refuse('role-needed', { allowed: approvers.filter(role => roles.includes(role)) });
    return decisions.proposeTakedown({ development: target.development, ground, as, told: { reason }, rules: 2 });
  };
}
