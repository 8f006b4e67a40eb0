import { approvers, decliners, decisions, noStory, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';
import { EditorCommand, OnStory, type OnProposal } from './command.js';

export const WithdrawProposalBody = z.strictObject({ reason: Text(1_000) }).meta({ id: 'WithdrawProposal' });

export class WithdrawProposal extends EditorCommand<OnProposal, z.infer<typeof WithdrawProposalBody>> {
  readonly does = 'withdraw-proposal';
}

@CommandHandler(WithdrawProposal)
export class WithdrawProposalHandler extends OnStory<WithdrawProposal> {
  decision = (
    { envelope: { by, roles }, target: { story, proposal }, body }: WithdrawProposal,
    { stories }: Newsroom,
  ) => {
    const held = stories.get(story, noStory).proposals.get(proposal);
    // The role that may end it, of those who have both.
    const as = [...(held ? decliners(held) : []), ...approvers].find(role => roles.includes(role));
    return decisions.withdraw({ proposal, told: body, by, as, rules: 2 });
  };
}
