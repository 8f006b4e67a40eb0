import { pathTo } from '#client';
import { cursorParameter, cursorsOf, Whole } from '#platform';
import type { StoryActors } from '#contract';
import { ActorId } from '#domain';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { asOfParameters } from '../story-at/query.js';
import type { Answer, Held } from '../http/answer.js';
import { limitParameter } from '../http/limit.js';
import { addressWith } from '../http/next.js';
import { ReadModels } from '../read-models.js';
import { answerOf, viewOf, withNames } from '../story-at/index.js';

const cursors = cursorsOf(z.tuple([z.literal('story-actors'), Whole, ActorId]));

export const StoryActorsQuery = z.strictObject({
  ...asOfParameters,
  limit: limitParameter,
  cursor: cursorParameter(cursors.read),
});
export type StoryActorsQuery = z.infer<typeof StoryActorsQuery>;

export class ListStoryActors extends Query<Answer<StoryActors>> {
  constructor(
    readonly story: string,
    readonly query: StoryActorsQuery,
    readonly held: Held,
  ) {
    super();
  }
}

@QueryHandler(ListStoryActors)
export class ListStoryActorsHandler implements IQueryHandler<ListStoryActors> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, query, held }: ListStoryActors): Promise<Answer<StoryActors>> {
    return this.models.ofMoment(query, ['actors', story, query], held, async (reading, held) => {
      const view = await viewOf(reading, story, query);
      return answerOf(reading, view, held, await withNames(view), async () => {
        const { limit, cursor } = query;
        const after = cursor ? { marks: cursor[1], actor: cursor[2] } : null;
        const found = await view.summaries({ after, limit: limit + 1, among: null });
        const summaries = found.slice(0, limit);
        const last = found.length > limit ? summaries.at(-1) : undefined;
        const registered = await view.actors(summaries.map(({ actor }) => actor));
        const entries = new Map(registered.map(entry => [entry.actor, entry]));
        const actors = summaries.map(({ actor: id, marks, developments, position }) => {
          const { name = id, kind = null } = entries.get(id) ?? {};
          return { id, name, kind, marks, developments, position };
        });
        const on = last && {
          limit: String(limit),
          cursor: cursors.write(['story-actors', last.marks, last.actor]),
        };
        const path = pathTo('stories', story, 'actors');
        return { position: view.story.position, story, actors, next: on ? addressWith(path, view.asOf, on) : null };
      });
    });
  }
}
