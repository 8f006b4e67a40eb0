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
  constructor(private readonly processor: CommandProcessor) {}

  @DeskRead('', 'List the proposals that need a second person, oldest first', DeskProposals)
  async open(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskProposals> {
    const model = await caughtUp(this.processor);
    const on = proposedOn(model, story, readsWithheld(principal));
    const keys = await this.processor.keysOf(on).catch(noKeys);
    const proposals = proposalsOf(model, story, on, keys);
    if (!proposals) throw unknownStory();
    return proposals;
  }
}
