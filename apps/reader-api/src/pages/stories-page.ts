import { renderStories } from '#pages';
import { allStories } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Answer, Held } from '../http/answer.js';
import { presentStory } from '../present/present.js';
import { ReadModels } from '../read-models.js';
import { pageAnswer } from './page-answer.js';

export class ReadStoriesPage extends Query<Answer<string>> {
  constructor(readonly held: Held) {
    super();
  }
}

@QueryHandler(ReadStoriesPage)
export class ReadStoriesPageHandler implements IQueryHandler<ReadStoriesPage> {
  constructor(private readonly models: ReadModels) {}

  execute({ held }: ReadStoriesPage): Promise<Answer<string>> {
    return this.models.read(async reading => {
      const rows = await allStories(reading.client);
      return pageAnswer(reading, held, renderStories(rows.map(presentStory)));
    });
  }
}
