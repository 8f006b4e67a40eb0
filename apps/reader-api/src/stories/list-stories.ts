import { cursorParameter, cursorsOf, nextOf, Whole } from '#platform';
import { Story } from '#contract';
import { storiesBefore, storiesState } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { answer, type Answer, type Held } from '../http/answer.js';
import { limitParameter } from '../http/limit.js';
import { addressWith } from '../http/next.js';
import { presentStory } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';

export const Stories = z
  .object({
    position: z.int(),
    stories: z.array(Story).meta({ description: 'The one that changed last first.' }),
    next: nextOf('stories'),
  })
  .meta({ id: 'Stories' });
export type Stories = z.infer<typeof Stories>;

/** Where a page of stories ended: when its last one last changed. */
export const storiesCursor = cursorsOf(z.tuple([z.literal('stories'), Whole]));

export const StoriesQuery = z.strictObject({ limit: limitParameter, cursor: cursorParameter(storiesCursor.read) });
export type StoriesQuery = z.infer<typeof StoriesQuery>;

export class ListStories extends Query<Answer<Stories>> {
  constructor(
    readonly query: StoriesQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListStories)
export class ListStoriesHandler implements IQueryHandler<ListStories> {
  constructor(private readonly models: ReadModels) {}

  execute({ query: { limit, cursor }, held }: ListStories): Promise<Answer<Stories>> {
    return this.models.read(async reading => {
      const { position, sum } = await storiesState(reading.client);
      return answer(reading, held, [sum], async () => {
        const rows = await storiesBefore(reading.client, cursor?.[1] ?? null, limit + 1);
        const shown = rows.slice(0, limit);
        const last = rows.length > limit ? shown.at(-1) : undefined;
        const on = last && { limit: String(limit), cursor: storiesCursor.write(['stories', last.position]) };
        return { position, stories: shown.map(presentStory), next: on ? addressWith('/stories', undefined, on) : null };
      });
    });
  }
}
