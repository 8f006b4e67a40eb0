import { Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { send, type Held } from '../http/answer.js';
import { Id, IfNoneMatch, Read, Reads } from '../http/reads.js';
import { Story } from '../present/schemas.js';
import { GetStory } from './get-story.js';
import { ListStories, Stories } from './list-stories.js';

@Reads('stories', 'stories')
export class StoriesController {
  constructor(private readonly bus: QueryBus) {}

  @Read('', 'Every story', Stories)
  async list(@IfNoneMatch() held: Held, @Res() response: Response) {
    send(await this.bus.execute(new ListStories(held)), response);
  }

  @Read(':story', 'A story', Story)
  async one(@Id('story') story: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    send(await this.bus.execute(new GetStory(story, held)), response);
  }
}
