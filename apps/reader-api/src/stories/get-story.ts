import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { answer, type Answer, type Held } from '../http/answer.js';
import { presentStory } from '../present/present.js';
import type { Story } from '../present/schemas.js';
import { ReadModels } from '../read-models.js';
import { storyOr404 } from '../surroundings.js';

export class GetStory extends Query<Answer<Story>> {
  constructor(
    readonly story: string,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetStory)
export class GetStoryHandler implements IQueryHandler<GetStory> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, held }: GetStory): Promise<Answer<Story>> {
    return this.models.read(async reading => {
      const row = await storyOr404(reading, story);
      return answer(reading, held, [row.position], () => presentStory(row));
    });
  }
}
