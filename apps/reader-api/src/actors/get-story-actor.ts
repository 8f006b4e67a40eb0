import { ActorState } from '#contract';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Answer, Held } from '../http/answer.js';
import { presentActor, presentCell } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { cellPage } from '../story-at/cells.js';
import { cellLinks, cellsAsked, type ActorQuery } from './cells-query.js';
import { registered } from './registered.js';
import { answerOf, viewOf, withNames } from '../story-at/index.js';

export class GetStoryActor extends Query<Answer<ActorState>> {
  constructor(
    readonly story: string,
    readonly actor: string,
    readonly query: ActorQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetStoryActor)
export class GetStoryActorHandler implements IQueryHandler<GetStoryActor> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, actor, query, held }: GetStoryActor): Promise<Answer<ActorState>> {
    return this.models.ofMoment(query, ['actor', story, actor, query], held, async (reading, held) => {
      const view = await viewOf(reading, story, query);
      const entry = await registered(reading, view, actor);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const { position, conditions } = view.story;
        const { cells, last } = await cellPage(await view.marksOf(actor), conditions, cellsAsked(query));
        const next = cellLinks(story, actor, query.limit, view.asOf);
        const shown = cells.map(cell => ({ ...presentCell(cell, view.story), next: next.citations(cell) }));
        return { position, story, actor: presentActor(entry), cells: shown, next: next.cells(last) };
      });
    });
  }
}
