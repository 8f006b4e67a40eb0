import { ActorId, ActorProfile } from '#domain';
import { Body, Param, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { AmendActor } from '../commands/amend-actor.js';
import type { Envelope } from '../commands/command.js';
import { RegisterActor, RegisterActorBody } from '../commands/register-actor.js';
import { Commanding } from './commanding.js';
import { Enveloped } from './envelope.js';
import { Command, Commands, PostCommand } from './route.js';

@Commands('actors')
export class ActorsController extends Commanding {
  @PostCommand('', 'Register an actor with its aliases')
  register(
    @Enveloped() envelope: Envelope,
    @Body({ schema: RegisterActorBody }) body: z.infer<typeof RegisterActorBody>,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { id: actor, ...profile } = body;
    return this.answer(new RegisterActor(envelope, { actor }, profile), response);
  }

  @Put(':actor')
  @Command('Amend an actor’s whole entry')
  amend(
    @Enveloped() envelope: Envelope,
    @Param('actor', { schema: ActorId }) actor: string,
    @Body({ schema: ActorProfile }) profile: ActorProfile,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.answer(new AmendActor(envelope, { actor }, profile), response);
  }
}
