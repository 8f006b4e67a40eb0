import { oneEntry } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { problem } from '../http/problems.js';
import { presentEntry } from '../present/present.js';
import { Entry } from '../present/schemas.js';
import { ReadModels } from '../read-models.js';
import { positionsOf, storyOr404, surroundingsOf } from '../surroundings.js';

export const OneEntry = z.object({ position: z.int(), story: z.string(), entry: Entry }).meta({ id: 'OneEntry' });
export type OneEntry = z.infer<typeof OneEntry>;

export class GetDevelopment extends Query<Answer<OneEntry>> {
  constructor(
    readonly story: string,
    readonly development: string,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetDevelopment)
export class GetDevelopmentHandler implements IQueryHandler<GetDevelopment> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, development, held }: GetDevelopment): Promise<Answer<OneEntry>> {
    return this.models.read(async reading => {
      const row = await storyOr404(reading, story);
      const entry = await oneEntry(reading.client, story, development);
      if (!entry) throw problem('unknown-development');
      return answer(reading, held, await positionsOf(reading, row), async () => {
        const around = await surroundingsOf(reading, entry.actors, row);
        return { position: row.position, story, entry: presentEntry(entry, around) };
      });
    });
  }
}
