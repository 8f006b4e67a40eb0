import { NamedActor, ofMoment } from '#contract';
import { actorKinds } from '#domain';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type AsOfQuery } from '../as-of/query.js';
import type { Answer, Held } from '../http/answer.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf, withNames } from '../story-view/index.js';

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
    ...ofMoment,
  })
  .meta({ id: 'StoryActors' });
export type StoryActors = z.infer<typeof StoryActors>;

export class ListStoryActors extends Query<Answer<StoryActors>> {
  constructor(
    readonly story: string,
    readonly moment: AsOfQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListStoryActors)
export class ListStoryActorsHandler implements IQueryHandler<ListStoryActors> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, moment, held }: ListStoryActors): Promise<Answer<StoryActors>> {
    return this.models.ofMoment(moment, ['actors', story, moment], held, async (reading, held) => {
      const view = await viewOf(reading, story, moment);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const summaries = await view.summaries();
        const registered = await view.actors(summaries.map(({ actor }) => actor));
        const entries = new Map(registered.map(entry => [entry.actor, entry]));
        const actors = summaries.map(({ actor: id, marks, developments, position }) => {
          const { name = id, kind = null } = entries.get(id) ?? {};
          return { id, name, kind, marks, developments, position };
        });
        return { position: view.story.position, story, actors };
      });
    });
  }
}
