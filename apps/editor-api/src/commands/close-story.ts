import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Story } from './command.js';

export const CloseStoryBody = z.strictObject({ reason: Text(1_000).optional() }).meta({ id: 'CloseStory' });

export class CloseStory extends EditorCommand<Story, z.infer<typeof CloseStoryBody>> {
  readonly does = 'close-story';
}

@CommandHandler(CloseStory)
export class CloseStoryHandler extends OnStory<CloseStory> {
  decision = ({ body }: CloseStory) => decisions.closeStory(body);
}
