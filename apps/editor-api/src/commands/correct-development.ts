import { Content, decisions, isRefusal, Text } from '#domain';
import { outlined, type Secrets } from '#keys';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';
import { EditorCommand, OnStory, type Development } from './command.js';
import { languageOf, newContent } from './new-content.js';

export const CorrectDevelopmentBody = z
  .strictObject({ content: Content, wrong: Text(1_000), reason: Text(1_000) })
  .meta({ id: 'CorrectDevelopment', description: 'The whole content as it should have been; what was wrong; why.' });

export class CorrectDevelopment extends EditorCommand<Development, z.infer<typeof CorrectDevelopmentBody>> {
  readonly does = 'correct-development';
}

@CommandHandler(CorrectDevelopment)
export class CorrectDevelopmentHandler extends OnStory<CorrectDevelopment> {
  decision = ({ target, body }: CorrectDevelopment, newsroom: Newsroom, secrets: Secrets) => {
    const { story, development } = target;
    const content = newContent(body.content, newsroom.directory, languageOf(newsroom, story));
    if (isRefusal(content)) return content;
    const outline = outlined(content, secrets.get(development));
    return decisions.correct({ development, outline, told: { ...body, content } });
  };
}
