import { actorsById, actorsOfStory } from '#projections';
import { actorKinds } from '#domain';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { NamedActor } from '../present/schemas.js';
import { ReadModels } from '../read-models.js';
import { positionsOf, storyOr404 } from '../surroundings.js';

const StoryActor = NamedActor.extend({
  kind: z.enum(actorKinds).nullable(),
  marks: z.int().meta({ description: 'How many things are said of the actor.' }),
  developments: z.int().meta({ description: 'In how many developments.' }),
  position: z.int().meta({ description: 'Of the latest of them.' }),
}).meta({ id: 'StoryActor' });

export const StoryActors = z
  .object({
    position: z.int(),
    story: z.string(),
    actors: z.array(StoryActor).meta({ description: 'The one of whom most is known first.' }),
  })
  .meta({ id: 'StoryActors' });
export type StoryActors = z.infer<typeof StoryActors>;

export class ListStoryActors extends Query<Answer<StoryActors>> {
  constructor(
    readonly story: string,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListStoryActors)
export class ListStoryActorsHandler implements IQueryHandler<ListStoryActors> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, held }: ListStoryActors): Promise<Answer<StoryActors>> {
    return this.models.read(async reading => {
      const { client } = reading;
      const row = await storyOr404(reading, story);
      return answer(reading, held, await positionsOf(reading, row), async () => {
        const summaries = await actorsOfStory(client, story);
        const registered = await actorsById(
          client,
          summaries.map(({ actor }) => actor),
        );
        const entries = new Map(registered.map(entry => [entry.actor, entry]));
        const actors = summaries.map(({ actor: id, marks, developments, position }) => {
          const { name = id, kind = null } = entries.get(id) ?? {};
          return { id, name, kind, marks, developments, position };
        });
        return { position: row.position, story, actors };
      });
    });
  }
}
