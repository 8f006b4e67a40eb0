import { OneStory } from '#contract';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { type AsOfQuery } from '../story-at/query.js';
import type { Answer, Held } from '../http/answer.js';
import { presentStory } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf } from '../story-at/index.js';

export class GetStory extends Query<Answer<OneStory>> {
  constructor(
    readonly story: string,
    readonly moment: AsOfQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetStory)
export class GetStoryHandler implements IQueryHandler<GetStory> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, moment, held }: GetStory): Promise<Answer<OneStory>> {
    return this.models.ofMoment(moment, ['story', story, moment], held, async (reading, held) => {
      const view = await viewOf(reading, story, moment);
      return answerOf(reading, view, held, view.rests, () => presentStory(view.story));
    });
  }
}
