import { decisions, Link } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { EditorCommand, OnStory, type Development } from './command.js';

export class LinkDevelopment extends EditorCommand<Development, Link> {
  readonly does = 'link-development';
}

@CommandHandler(LinkDevelopment)
export class LinkDevelopmentHandler extends OnStory<LinkDevelopment> {
  decision = ({ target, body }: LinkDevelopment) => decisions.link({ development: target.development, ...body });
}
