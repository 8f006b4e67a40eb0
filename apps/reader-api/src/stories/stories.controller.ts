import { OneStory } from '#contract';
import { Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { send, type Held } from '../http/answer.js';
import { Id, IfNoneMatch, Read, Reads } from '../http/reads.js';
import { AsOfQuery } from '../story-at/query.js';
import { AcceptDatetime } from '../memento/accept-datetime.js';
import { TimeTravel } from '../memento/time-travel.js';
import { GetStory } from './get-story.js';
import { ListStories, Stories, StoriesQuery } from './list-stories.js';

@Reads('stories', 'stories')
export class StoriesController {
  constructor(
    private readonly bus: QueryBus,
    private readonly times: TimeTravel,
  ) {}

  @Read('', 'Every story', Stories)
  async list(
    @Query({ schema: StoriesQuery }) query: StoriesQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    send(await this.bus.execute(new ListStories(query, held)), response);
  }

  @AcceptDatetime()
  @Read(':story', 'A story', OneStory)
  async one(
    @Id('story') story: string,
    @Query({ schema: AsOfQuery }) moment: AsOfQuery,
    @IfNoneMatch() held: Held,
    @Res() response: Response,
  ) {
    await this.times.send(response, story, 'story', () => this.bus.execute(new GetStory(story, moment, held)));
  }
}
