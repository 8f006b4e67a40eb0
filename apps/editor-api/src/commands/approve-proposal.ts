import { decisions, noStory, secondRole, storyStream, type Proposal } from '#domain';
import { openTold, type Secrets } from '#keys';
import { CommandHandler } from '@nestjs/cqrs';
import type { Newsroom } from '../newsroom/newsroom.js';
import { EditorCommand, OnStory, type NoBody, type OnProposal } from './command.js';

/** Names the commit that proposed it: nothing else can be meant than what was read there. */
export class ApproveProposal extends EditorCommand<OnProposal, NoBody> {
  readonly does = 'approve-proposal';
}

@CommandHandler(ApproveProposal)
export class ApproveProposalHandler extends OnStory<ApproveProposal> {
  decision = ({ envelope: { by, roles }, target }: ApproveProposal, { stories }: Newsroom, secrets: Secrets) => {
    const { story, proposal } = target;
    const held = stories.get(story, noStory).proposals.get(proposal);
    const needed = held ? secondRole(held) : 'editor';
    const as = roles.includes(needed) ? needed : needed === 'editor' ? 'legal' : 'editor';
    return decisions.approve({
      proposal,
      as,
      by,
      told: held && toldAgain(storyStream(story), held, secrets),
      rules: 2,
    });
  };
}

/** The proposal's reason, for the retraction; null as long as its secret is not among those given. */
function toldAgain(stream: string, held: Proposal, secrets: Secrets): unknown {
  if (held.act !== 'retract') return null;
  const { development, told } = held;
  const secret = secrets.get(development);
  if (!secret) return null;
  return openTold(stream, 'RetractionProposed', { development, told: told as string }, { secret });
}
