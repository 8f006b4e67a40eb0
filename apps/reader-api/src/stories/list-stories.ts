import { Story } from '#contract';
import { allStories } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { presentStory } from '../present/present.js';
import { ReadModels } from '../read-models.js';

export const Stories = z
  .object({ position: z.int(), stories: z.array(Story).meta({ description: 'The one that changed last first.' }) })
  .meta({ id: 'Stories' });
export type Stories = z.infer<typeof Stories>;

export class ListStories extends Query<Answer<Stories>> {
  constructor(readonly held: Held) {
    super();
  }
}

@QueryHandler(ListStories)
export class ListStoriesHandler implements IQueryHandler<ListStories> {
  constructor(private readonly models: ReadModels) {}

  execute({ held }: ListStories): Promise<Answer<Stories>> {
    return this.models.read(async reading => {
      const rows = await allStories(reading.client);
      const position = rows[0]?.position ?? 0;
      // Positions only grow and stories only come: the sum moves whenever one of them does.
      const sum = rows.reduce((total, row) => total + row.position, 0);
      return answer(reading, held, [sum], () => ({ position, stories: rows.map(presentStory) }));
    });
  }
}
