import { kindShapes, renderActor } from '#pages';
import type { Reading } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { registered } from '../actors/registered.js';
import type { Answer, Held } from '../http/answer.js';
import { presentActor, presentStory } from '../present/present.js';
import { ReadModels } from '../read-models.js';
import { storyNow, viewOf } from '../story-view/index.js';
import { askedIn, asOfQuery, type AskedQuery } from './asked.js';
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
      const now = await storyNow(reading, story);
      const asked = askedIn(query, now.story.zone);
      const view = asked ? await viewOf(reading, story, asOfQuery(asked)) : now;
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
    if (query.at === undefined) return this.models.read(reading => page(reading, held));
    return this.models.pastAnswer(['actor page', story, actor, query], held, page);
  }
}
