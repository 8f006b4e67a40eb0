import { Actor } from '#contract';
import { allActors, registryState } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { presentActor } from '../present/present.js';
import { ReadModels } from '../read-models.js';

export const Actors = z.object({ position: z.int(), actors: z.array(Actor) }).meta({ id: 'Actors' });
export type Actors = z.infer<typeof Actors>;

export class ListActors extends Query<Answer<Actors>> {
  constructor(readonly held: Held) {
    super();
  }
}

@QueryHandler(ListActors)
export class ListActorsHandler implements IQueryHandler<ListActors> {
  constructor(private readonly models: ReadModels) {}

  execute({ held }: ListActors): Promise<Answer<Actors>> {
    return this.models.read(async reading => {
      const { position, sum } = await registryState(reading.client);
      return answer(reading, held, [sum], async () => {
        const rows = await allActors(reading.client);
        return { position, actors: rows.map(presentActor) };
      });
    });
  }
}
