import { cursorParameter, cursorsOf, nextOf } from '#platform';
import { Actor } from '#contract';
import { ActorId } from '#domain';
import { actorsAfter, registryState } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { limitParameter } from '../http/limit.js';
import { addressWith } from '../http/next.js';
import { presentActor } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';

export const Actors = z
  .object({ position: z.int(), actors: z.array(Actor).meta({ description: 'By id.' }), next: nextOf('actors') })
  .meta({ id: 'Actors' });
export type Actors = z.infer<typeof Actors>;

const cursors = cursorsOf(z.tuple([z.literal('actors'), ActorId]));

export const ActorsQuery = z.strictObject({ limit: limitParameter, cursor: cursorParameter(cursors.read) });
export type ActorsQuery = z.infer<typeof ActorsQuery>;

export class ListActors extends Query<Answer<Actors>> {
  constructor(
    readonly query: ActorsQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListActors)
export class ListActorsHandler implements IQueryHandler<ListActors> {
  constructor(private readonly models: ReadModels) {}

  execute({ query: { limit, cursor }, held }: ListActors): Promise<Answer<Actors>> {
    return this.models.read(async reading => {
      const { position, sum } = await registryState(reading.client);
      return answer(reading, held, [sum], async () => {
        const rows = await actorsAfter(reading.client, cursor?.[1] ?? null, limit + 1);
        const shown = rows.slice(0, limit);
        const last = rows.length > limit ? shown.at(-1) : undefined;
        const on = last && { limit: String(limit), cursor: cursors.write(['actors', last.actor]) };
        return { position, actors: shown.map(presentActor), next: on ? addressWith('/actors', undefined, on) : null };
      });
    });
  }
}
