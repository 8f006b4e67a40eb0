import { Actor } from '#contract';
import { ActorId } from '#domain';
import { cursorParameter, cursorsOf, nextOf } from '#platform';
import { actorsAfter, oneActor, registryState } from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ReadModels } from '../read-models.js';
import { presentActor } from '../story-at/render.js';
import { byPositions, send, type Answer, type Held } from './answer.js';
import { addressWith, limitParameter } from './paging.js';
import { problem } from './problems.js';
import { Id, IfNoneMatch, Read, Reads } from './reads.js';

/** A page of the registry of actors. */
export const Actors = z
  .object({ position: z.int(), actors: z.array(Actor).meta({ description: 'By id.' }), next: nextOf('actors') })
  .meta({ id: 'Actors' });
export type Actors = z.infer<typeof Actors>;

const cursors = cursorsOf(z.tuple([z.literal('actors'), ActorId]));

const ActorsQuery = z.strictObject({ limit: limitParameter, cursor: cursorParameter(cursors.read) });
type ActorsQuery = z.infer<typeof ActorsQuery>;

/** Serves the registry of actors. */
@Reads('actors', 'actors')
export class ActorsController {
  constructor(private readonly models: ReadModels) {}

  @Read('', 'List every registered actor', Actors)
  async list(@Query({ schema: ActorsQuery }) query: ActorsQuery, @IfNoneMatch() held: Held, @Res() response: Response) {
    send(await listActors(this.models, query, held), response);
  }

  @Read(':actor', 'Show an actor’s entry in the registry', Actor)
  async one(@Id('actor') actor: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    send(await entryOf(this.models, actor, held), response);
  }
}

const listActors = (models: ReadModels, { limit, cursor }: ActorsQuery, held: Held): Promise<Answer> =>
  models.read(async reading => {
    const { position, sum } = await registryState(reading.client);
    return byPositions<Actors>(reading, held, [sum], async () => {
      const rows = await actorsAfter(reading.client, cursor?.[1] ?? null, limit + 1);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const on = last && { limit: String(limit), cursor: cursors.write(['actors', last.actor]) };
      return { position, actors: shown.map(presentActor), next: on ? addressWith('/actors', undefined, on) : null };
    });
  });

const entryOf = (models: ReadModels, actor: string, held: Held): Promise<Answer> =>
  models.read(async reading => {
    const row = await oneActor(reading.client, actor);
    if (!row) throw problem('unknown-actor-id');
    return byPositions<Actor>(reading, held, [row.position], () => presentActor(row));
  });
