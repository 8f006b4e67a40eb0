import { cells, marksOfActor, oneActor } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { problem } from '../http/problems.js';
import { presentActor, presentCells } from '../present/present.js';
import { Actor, Cell } from '../present/schemas.js';
import { ReadModels } from '../read-models.js';
import { positionsOf, storyOr404 } from '../surroundings.js';

export const ActorState = z.object({ position: z.int(), story: z.string(), actor: Actor, cells: z.array(Cell) }).meta({
  id: 'ActorState',
  description: 'What is known of the actor in the story; each cell cites what it rests on.',
});
export type ActorState = z.infer<typeof ActorState>;

export class GetStoryActor extends Query<Answer<ActorState>> {
  constructor(
    readonly story: string,
    readonly actor: string,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetStoryActor)
export class GetStoryActorHandler implements IQueryHandler<GetStoryActor> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, actor, held }: GetStoryActor): Promise<Answer<ActorState>> {
    return this.models.read(async reading => {
      const row = await storyOr404(reading, story);
      const registered = await oneActor(reading.client, actor);
      if (!registered) throw problem('unknown-actor-id');
      return answer(reading, held, await positionsOf(reading, row), async () => {
        const marks = await marksOfActor(reading.client, story, actor);
        const shown = presentCells(cells(marks, row.conditions), row.conditions);
        return { position: row.position, story, actor: presentActor(registered), cells: shown };
      });
    });
  }
}
