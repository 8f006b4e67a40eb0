import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { OnStory, EditorCommand, type Development, type NoBody } from './command.js';

export class UnmarkKey extends EditorCommand<Development, NoBody> {
  readonly does = 'unmark-key';
}

@CommandHandler(UnmarkKey)
export class UnmarkKeyHandler extends OnStory<UnmarkKey> {
  decision = ({ target }: UnmarkKey) => decisions.unmarkKey(target);
}
