import { DeskProposals } from '#contract';
import { CommitId, StoryId } from '#domain';
import type { Authenticated } from '#platform';
import { Body, Param, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ApproveProposal } from '../commands/approve-proposal.js';
import type { Envelope, OnProposal } from '../commands/command.js';
import { ProposeApprovals, ProposeApprovalsBody } from '../commands/propose-approvals.js';
import { RequireApprovals, RequireApprovalsBody } from '../commands/require-approvals.js';
import { WithdrawProposal, WithdrawProposalBody } from '../commands/withdraw-proposal.js';
import { proposalsOf, proposedOn } from '../desk/proposals.js';
import { Desk } from '../newsroom/desk.js';
import { Commanding } from './commanding.js';
import { Enveloped } from './envelope.js';
import { caughtUp, DeskRead, DeskReads, noKeys, readsWithheld, unknownStory } from './read.js';
import { Commands, PostCommand } from './route.js';

const Target = z.object({ story: StoryId, proposal: CommitId });
const OnTarget = () => Param({ schema: Target });

/** What it takes two people for. */
@Commands('stories/:story')
export class ProposalsController extends Commanding {
  @PostCommand('proposals/:proposal/approve', 'Approve it: what was proposed is done in the same commit', [
    'editor',
    'legal',
  ])
  approve(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: OnProposal,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ApproveProposal(envelope, target, {}), response);
  }

  @PostCommand('proposals/:proposal/withdraw', 'Withdraw it, or decline it', ['editor', 'legal'])
  withdraw(
    @Enveloped() envelope: Envelope,
    @OnTarget() target: OnProposal,
    @Body({ schema: WithdrawProposalBody }) body: z.infer<typeof WithdrawProposalBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new WithdrawProposal(envelope, target, body), response);
  }

  @PostCommand('propose-approvals', 'Propose that fewer acts take two people, for an editor to approve', ['legal'])
  propose(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Body({ schema: ProposeApprovalsBody }) body: z.infer<typeof ProposeApprovalsBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new ProposeApprovals(envelope, { story }, body), response);
  }

  @PostCommand('approvals', 'Say what else takes two people in this story', ['legal'])
  require(
    @Enveloped() envelope: Envelope,
    @Param('story', { schema: StoryId }) story: string,
    @Body({ schema: RequireApprovalsBody }) body: z.infer<typeof RequireApprovalsBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new RequireApprovals(envelope, { story }, body), response);
  }
}

@DeskReads('stories/:story/proposals')
export class OpenProposalsController {
  constructor(private readonly desk: Desk) {}

  @DeskRead('', 'What waits for a second person, oldest first', DeskProposals)
  async open(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskProposals> {
    const newsroom = await caughtUp(this.desk);
    const on = proposedOn(newsroom, story, readsWithheld(principal));
    const keys = await this.desk.keysOf(on).catch(noKeys);
    const proposals = proposalsOf(newsroom, story, on, keys);
    if (!proposals) throw unknownStory();
    return proposals;
  }
}
