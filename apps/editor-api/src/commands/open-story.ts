import { decisions, StoryId, StoryProfile } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnStory, type Story } from './command.js';

export const OpenStoryBody = z.strictObject({ id: StoryId, ...StoryProfile.shape }).meta({ id: 'OpenStory' });

export class OpenStory extends EditorCommand<Story, StoryProfile> {
  readonly does = 'open-story';
}

@CommandHandler(OpenStory)
export class OpenStoryHandler extends OnStory<OpenStory> {
  decision = ({ body }: OpenStory) => decisions.openStory(body);
}
