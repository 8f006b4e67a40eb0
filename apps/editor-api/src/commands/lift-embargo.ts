import { decisions } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { EditorCommand, OnStory, type Development, type NoBody } from './command.js';

export class LiftEmbargo extends EditorCommand<Development, NoBody> {
  readonly does = 'lift-embargo';
}

@CommandHandler(LiftEmbargo)
export class LiftEmbargoHandler extends OnStory<LiftEmbargo> {
  decision = ({ target }: LiftEmbargo) => decisions.liftEmbargo({ development: target.development });
}
