import type { Page } from '#contract';
import { wordsIn } from '#pages';
import type { TimelineFilter } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Answer, Held } from '../http/answer.js';
import { unknownValue } from '../http/problems.js';
import { presentEntry } from '../story-at/render.js';
import { actorsMeant } from '../actors/actors-meant.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf, withNames, type StoryView } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { nextPage, orderOf, type PageQuery } from './page.js';

export class ListTimeline extends Query<Answer<Page>> {
  constructor(
    readonly story: string,
    readonly query: PageQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListTimeline)
export class ListTimelineHandler implements IQueryHandler<ListTimeline> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, query, held }: ListTimeline): Promise<Answer<Page>> {
    return this.models.ofMoment(query, ['timeline', story, query], held, async (reading, held) => {
      const view = await viewOf(reading, story, query);
      const filter = await filterOf(view, query);
      const rewrites = await view.rewrites();
      const rests = [...(await withNames(view)), ...(rewrites === undefined ? [] : [rewrites])];
      return answerOf(reading, view, held, rests, () => pageOf(view, query, filter));
    });
  }
}

export async function pageOf(view: StoryView, query: PageQuery, filter: TimelineFilter): Promise<Page> {
  const { story, position } = view.story;
  const rows = await view.page(orderOf(query), filter, query.cursor ?? null, query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const around = await surroundingsOf(view, shown);
  const last = rows.length > shown.length ? shown.at(-1) : undefined;
  const entries = shown.map(entry => presentEntry(entry, around));
  const rewrites = await view.rewrites();
  return {
    position,
    ...(rewrites === undefined ? {} : { rewrites }),
    story,
    entries,
    next: last ? nextPage(story, query, view.asOf, last) : null,
  };
}

/** A filter by something that is not there is a slip of the pen, not a question with no answers. */
export async function filterOf(
  view: StoryView,
  { type, actor, condition, status, key, words }: PageQuery,
): Promise<TimelineFilter> {
  const { conditions } = view.story;
  if (condition && !Object.hasOwn(conditions, condition))
    throw unknownValue('condition', 'unknown-condition', condition, Object.keys(conditions));
  return {
    kinds: type ?? null,
    actors: actor ? await actorsMeant(view, actor) : null,
    condition: condition ?? null,
    status: status ?? null,
    key: key === 'true',
    words: words ? wordsIn(words) : null,
  };
}
