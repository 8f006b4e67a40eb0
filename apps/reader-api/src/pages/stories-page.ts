import { links, renderStories } from '#pages';
import { storiesBefore } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { z } from 'zod';
import { byBytes, html, type Answer, type Held } from '../http/answer.js';
import { presentStory } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { storiesCursor, StoriesQuery } from '../http/stories.js';
import { pageParameters } from './query.js';

/** How many stories a page lists. */
const storiesOnPage = 100;

export const StoriesPageQuery = pageParameters({ cursor: StoriesQuery.shape.cursor });
export type StoriesPageQuery = z.infer<typeof StoriesPageQuery>;

export class ReadStoriesPage extends Query<Answer> {
  constructor(
    readonly query: StoriesPageQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ReadStoriesPage)
export class ReadStoriesPageHandler implements IQueryHandler<ReadStoriesPage> {
  constructor(private readonly models: ReadModels) {}

  execute({ query, held }: ReadStoriesPage): Promise<Answer> {
    return this.models.read(async reading => {
      const rows = await storiesBefore(reading.client, query.cursor?.[1] ?? null, storiesOnPage + 1);
      const shown = rows.slice(0, storiesOnPage);
      const last = rows.length > storiesOnPage ? shown.at(-1) : undefined;
      const next = last ? `${links.stories}?cursor=${storiesCursor.write(['stories', last.position])}` : null;
      return byBytes(reading, held, html, renderStories({ stories: shown.map(presentStory), next }));
    });
  }
}
