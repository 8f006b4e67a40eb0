import { Actor } from '#contract';
import { ActorId } from '#domain';
import { pageSafeJson } from '#pages';
import { cursorParameter, cursorsOf, nextOf } from '#platform';
import { actorsAfter, oneActor, registryPosition } from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ReadModels } from '../read-models.js';
import { presentActor } from '../story-at/render.js';
import { Answers } from '../answers/answers.js';
import { byBytes, json, type Answer } from './answer.js';
import { addressWith, fittingPage, limitParameter } from './paging.js';
import { problem } from './problems.js';
import { Id, Read, Reads } from './reads.js';

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
  constructor(
    private readonly models: ReadModels,
    private readonly answers: Answers,
  ) {}

  @Read('', 'List the registered actors whom something readable names', Actors)
  async list(@Query({ schema: ActorsQuery }) query: ActorsQuery, @Res() response: Response) {
    await this.answers.send(response, ['actors', query], {}, () => listActors(this.models, query));
  }

  @Read(':actor', 'Show an actor’s entry in the registry', Actor)
  async one(@Id('actor') actor: string, @Res() response: Response) {
    await this.answers.send(response, ['actor', actor], {}, () => entryOf(this.models, actor));
  }
}

const listActors = (models: ReadModels, { limit, cursor }: ActorsQuery): Promise<Answer> =>
  models.read(async reading => {
    const position = await registryPosition(reading.client);
    const rows = await actorsAfter(reading.client, cursor?.[1] ?? null, limit + 1);
    const { shown, last } = fittingPage(rows, limit, presentActor);
    const on = last && { limit: String(limit), cursor: cursors.write(['actors', last.actor]) };
    const next = on ? addressWith('/actors', undefined, on) : null;
    const page: Actors = { position, actors: [...shown], next };
    // The position alone does not say whether an entry that left quarantine changed the page.
    return byBytes(reading, json, pageSafeJson(page));
  });

const entryOf = (models: ReadModels, actor: string): Promise<Answer> =>
  models.read(async reading => {
    const row = await oneActor(reading.client, actor);
    if (!row) throw problem('unknown-actor-id');
    // The position alone does not say whether an affiliation went with the last takedown of what names it.
    return byBytes(reading, json, pageSafeJson(presentActor(row)));
  });
