import { kindShapes, renderActor } from '#pages';
import type { Reading } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { registered } from '../actors/registered.js';
import type { Answer, Held } from '../http/answer.js';
import { presentActor, presentStory } from '../present/present.js';
import { ReadModels } from '../read-models.js';
import { asksForMoment, viewAsked, type AskedQuery } from './asked.js';
import { everything } from './filter.js';
import { pageAnswer } from './page-answer.js';
import { cellsOf, toldIn } from './state.js';

export class ReadActorPage extends Query<Answer<string>> {
  constructor(
    readonly story: string,
    readonly actor: string,
    readonly query: AskedQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ReadActorPage)
export class ReadActorPageHandler implements IQueryHandler<ReadActorPage> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, actor, query, held }: ReadActorPage): Promise<Answer<string>> {
    const page = async (reading: Reading, held: Held) => {
      const { view, asked } = await viewAsked(reading, story, query);
      const entry = await registered(reading, view, actor);
      const told = await toldIn(view, { ...everything, actors: [actor] });
      const html = renderActor({
        story: presentStory(view.story),
        actor: presentActor(entry),
        kinds: kindShapes,
        asked,
        actors: told.actors,
        cells: await cellsOf(view, told, actor),
      });
      return pageAnswer(reading, held, html);
    };
    return asksForMoment(query)
      ? this.models.pastAnswer(['actor page', story, actor, query], held, page)
      : this.models.read(reading => page(reading, held));
  }
}
