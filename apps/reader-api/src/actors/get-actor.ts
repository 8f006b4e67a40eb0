import type { Actor } from '#contract';
import { oneActor } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { answer, type Answer, type Held } from '../http/answer.js';
import { problem } from '../http/problems.js';
import { presentActor } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';

export class GetActor extends Query<Answer<Actor>> {
  constructor(
    readonly actor: string,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetActor)
export class GetActorHandler implements IQueryHandler<GetActor> {
  constructor(private readonly models: ReadModels) {}

  execute({ actor, held }: GetActor): Promise<Answer<Actor>> {
    return this.models.read(async reading => {
      const row = await oneActor(reading.client, actor);
      if (!row) throw problem('unknown-actor-id');
      return answer(reading, held, [row.position], () => presentActor(row));
    });
  }
}
