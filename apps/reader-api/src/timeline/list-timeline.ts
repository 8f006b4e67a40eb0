import { newestFirst, storyOrder, type Reading, type StoryRow, type TimelineFilter } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { answer, type Answer, type Held } from '../http/answer.js';
import { unknownValue } from '../http/problems.js';
import { presentEntry } from '../present/present.js';
import { actorsMeant } from '../actors/actors-meant.js';
import { ReadModels } from '../read-models.js';
import { positionsOf, storyOr404, surroundingsOf } from '../surroundings.js';
import { nextPage, orderOf, type Page, type PageQuery } from './page.js';

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
    return this.models.read(async reading => {
      const row = await storyOr404(reading, story);
      const filter = await filterOf(reading, row, query);
      return answer(reading, held, await positionsOf(reading, row), () => pageOf(reading, row, query, filter));
    });
  }
}

const pages = { newest: newestFirst, story: storyOrder };

async function pageOf(reading: Reading, row: StoryRow, query: PageQuery, filter: TimelineFilter): Promise<Page> {
  const { story, position } = row;
  const rows = await pages[orderOf(query)](reading.client, story, filter, query.cursor ?? null, query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const around = await surroundingsOf(
    reading,
    shown.flatMap(({ actors }) => actors),
    row,
  );
  const last = rows.length > shown.length ? shown.at(-1) : undefined;
  const entries = shown.map(entry => presentEntry(entry, around));
  return { position, story, entries, next: last ? nextPage(story, query, last) : null };
}

/** A filter by something that is not there is a slip of the pen, not a question with no answers. */
async function filterOf(
  { client }: Reading,
  { conditions }: StoryRow,
  { type, actor, condition, status, key }: PageQuery,
): Promise<TimelineFilter> {
  if (condition && !conditions[condition])
    throw unknownValue('condition', 'unknown-condition', condition, Object.keys(conditions));
  return {
    kinds: type ?? null,
    actors: actor ? await actorsMeant(client, actor) : null,
    condition: condition ?? null,
    status: status ?? null,
    key: key === 'true',
  };
}
