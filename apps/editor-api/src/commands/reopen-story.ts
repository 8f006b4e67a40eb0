import { decisions, Text } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { OnStory, EditorCommand, type Story } from './command.js';

export const ReopenStoryBody = z.strictObject({ reason: Text(1_000).optional() }).meta({ id: 'ReopenStory' });

export class ReopenStory extends EditorCommand<Story, z.infer<typeof ReopenStoryBody>> {
  readonly does = 'reopen-story';
}

@CommandHandler(ReopenStory)
export class ReopenStoryHandler extends OnStory<ReopenStory> {
  decision = ({ body }: ReopenStory) => decisions.reopenStory(body);
}
