import { ActorId, ActorProfile, registerActor } from '#domain';
import { CommandHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { EditorCommand, OnActor, type Actor } from './command.js';

export const RegisterActorBody = z.strictObject({ id: ActorId, ...ActorProfile.shape }).meta({ id: 'RegisterActor' });

export class RegisterActor extends EditorCommand<Actor, ActorProfile> {
  readonly does = 'register-actor';
}

@CommandHandler(RegisterActor)
export class RegisterActorHandler extends OnActor<RegisterActor> {
  decision = ({ body }: RegisterActor) => registerActor(body);
}
