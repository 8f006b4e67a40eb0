import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { OnStory, EditorCommand, type Development, type NoBody } from './command.js';

export class PinDevelopment extends EditorCommand<Development, NoBody> {
  readonly does = 'pin-development';
}

@CommandHandler(PinDevelopment)
export class PinDevelopmentHandler extends OnStory<PinDevelopment> {
  decision = ({ target }: PinDevelopment) => decisions.pin(target);
}
