import { OneEntry } from '#contract';
import { oneEntry, type Reading, type TimelineRow } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { type AsOfQuery } from '../story-at/query.js';
import type { Answer, Held } from '../http/answer.js';
import { notYet, problem } from '../http/problems.js';
import { presentEntry } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf, withNames, type StoryView } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';

export class GetDevelopment extends Query<Answer<OneEntry>> {
  constructor(
    readonly story: string,
    readonly development: string,
    readonly moment: AsOfQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(GetDevelopment)
export class GetDevelopmentHandler implements IQueryHandler<GetDevelopment> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, development, moment, held }: GetDevelopment): Promise<Answer<OneEntry>> {
    return this.models.ofMoment(moment, ['development', story, development, moment], held, async (reading, held) => {
      const view = await viewOf(reading, story, moment);
      const entry = await entryOr404(reading, view, development);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const around = await surroundingsOf(view, [entry]);
        const shown = presentEntry(entry, around);
        return {
          position: view.story.position,
          story,
          entry: shown,
          body: shown.bodyHtml === null ? null : entry.body,
        };
      });
    });
  }
}

export async function entryOr404({ client }: Reading, view: StoryView, development: string): Promise<TimelineRow> {
  const entry = await view.entry(development);
  if (entry) return entry;
  if (view.asOf && (await oneEntry(client, view.story.story, development)))
    throw notYet(
      `The story had no such development by what was asked for (position ${view.asOf.position}); it has now.`,
    );
  throw problem('unknown-development');
}
