import { amendActor, type ActorProfile } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { EditorCommand, OnActor, type Actor } from './command.js';

export class AmendActor extends EditorCommand<Actor, ActorProfile> {
  readonly does = 'amend-actor';
}

@CommandHandler(AmendActor)
export class AmendActorHandler extends OnActor<AmendActor> {
  decision = ({ body }: AmendActor) => amendActor(body);
}
