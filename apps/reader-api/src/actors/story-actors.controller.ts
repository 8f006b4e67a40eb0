import { ActorState, StoryActors } from '#contract';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { send, type Held } from '../http/answer.js';
import { Id, IfNoneMatch, Read, Reads } from '../http/reads.js';
import { ActorQuery } from './cells-query.js';
import { GetStoryActor } from './get-story-actor.js';
import { ListStoryActors, StoryActorsQuery } from './list-story-actors.js';

@Reads('actors', 'stories/:story/actors')
export class StoryActorsController {
  constructor(private readonly bus: QueryBus) {}

  @Read('', 'The actors of a story', StoryActors)
  async list(
    @Id('story') story: string,
    @Query({ schema: StoryActorsQuery }) query: StoryActorsQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ListStoryActors(story, query, held)), response);
  }

  @Read(':actor', 'An actor’s state in a story', ActorState)
  async one(
    @Id('story') story: string,
    @Id('actor') actor: string,
    @Query({ schema: ActorQuery }) query: ActorQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new GetStoryActor(story, actor, query, held)), response);
  }
}
