import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { OnStory, EditorCommand, type Development, type NoBody } from './command.js';

export class MarkKey extends EditorCommand<Development, NoBody> {
  readonly does = 'mark-key';
}

@CommandHandler(MarkKey)
export class MarkKeyHandler extends OnStory<MarkKey> {
  decision = ({ target }: MarkKey) => decisions.markKey(target);
}
