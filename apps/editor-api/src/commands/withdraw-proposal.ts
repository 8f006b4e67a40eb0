import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type OnProposal } from './command.js';

export const WithdrawProposalBody = z.strictObject({ reason: Text(1_000) }).meta({ id: 'WithdrawProposal' });

export class WithdrawProposal extends EditorCommand<OnProposal, z.infer<typeof WithdrawProposalBody>> {
  readonly does = 'withdraw-proposal';
}

@CommandHandler(WithdrawProposal)
export class WithdrawProposalHandler extends OnStory<WithdrawProposal> {
  decision = ({ target, body }: WithdrawProposal) => decisions.withdraw({ proposal: target.proposal, told: body });
}
