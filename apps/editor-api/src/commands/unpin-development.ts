import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { OnStory, EditorCommand, type Development, type NoBody } from './command.js';

export class UnpinDevelopment extends EditorCommand<Development, NoBody> {
  readonly does = 'unpin-development';
}

@CommandHandler(UnpinDevelopment)
export class UnpinDevelopmentHandler extends OnStory<UnpinDevelopment> {
  decision = ({ target }: UnpinDevelopment) => decisions.unpin(target);
}
