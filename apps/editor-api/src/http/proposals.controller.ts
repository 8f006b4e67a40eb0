import { DeskProposals } from '#contract';
import { StoryId } from '#domain';
import type { Authenticated } from '#platform';
import { Param, Req } from '@nestjs/common';
import { CommandProcessor } from '../commands/processor.js';
import { proposalsOf, proposedOn } from '../reads/proposals.js';
import { caughtUp, DeskRead, DeskReads, noKeys, readsWithheld, unknownStory } from './read.js';

@DeskReads('stories/:story/proposals')
/** Lists a story's proposals that wait for a second person. */
export class OpenProposalsController {
  constructor(private readonly desk: CommandProcessor) {}

  @DeskRead('', 'List the proposals that need a second person, oldest first', DeskProposals)
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
