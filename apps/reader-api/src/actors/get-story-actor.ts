import { ActorState } from '#contract';
import { cells } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { type AsOfQuery } from '../as-of/query.js';
import type { Answer, Held } from '../http/answer.js';
import { presentActor, presentCells } from '../present/present.js';
import { ReadModels } from '../read-models.js';
import { registered } from './registered.js';
import { answerOf, viewOf, withNames } from '../story-view/index.js';

export class GetStoryActor extends Query<Answer<ActorState>> {
  constructor(
    readonly story: string,
    readonly actor: string,
    readonly moment: AsOfQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetStoryActor)
export class GetStoryActorHandler implements IQueryHandler<GetStoryActor> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, actor, moment, held }: GetStoryActor): Promise<Answer<ActorState>> {
    return this.models.ofMoment(moment, ['actor', story, actor, moment], held, async (reading, held) => {
      const view = await viewOf(reading, story, moment);
      const entry = await registered(reading, view, actor);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const { position, conditions } = view.story;
        const shown = presentCells(cells(await view.marksOf(actor), conditions), conditions);
        return { position, story, actor: presentActor(entry), cells: shown };
      });
    });
  }
}
