import { decisions, type Link } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { EditorCommand, OnStory, type Development } from './command.js';

export class UnlinkDevelopment extends EditorCommand<Development, Link> {
  readonly does = 'unlink-development';
}

@CommandHandler(UnlinkDevelopment)
export class UnlinkDevelopmentHandler extends OnStory<UnlinkDevelopment> {
  decision = ({ target, body }: UnlinkDevelopment) => decisions.unlink({ development: target.development, ...body });
}
