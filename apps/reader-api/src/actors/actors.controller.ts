import { Actor } from '#contract';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { send, type Held } from '../http/answer.js';
import { Id, IfNoneMatch, Read, Reads } from '../http/reads.js';
import { GetActor } from './get-actor.js';
import { Actors, ActorsQuery, ListActors } from './list-actors.js';

@Reads('actors', 'actors')
export class ActorsController {
  constructor(private readonly bus: QueryBus) {}

  @Read('', 'Every registered actor', Actors)
  async list(@Query({ schema: ActorsQuery }) query: ActorsQuery, @IfNoneMatch() held: Held, @Res() response: Response) {
    send(await this.bus.execute(new ListActors(query, held)), response);
  }

  @Read(':actor', 'An actor’s entry in the registry', Actor)
  async one(@Id('actor') actor: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    send(await this.bus.execute(new GetActor(actor, held)), response);
  }
}
