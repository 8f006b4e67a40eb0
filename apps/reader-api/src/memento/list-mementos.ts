import { lastVisibility, mementosOf, oneStory, type Memento } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { problem } from '../http/problems.js';
import { ReadModels } from '../read-models.js';

export interface Mementos {
  readonly log: string | null;
  readonly mementos: readonly Memento[];
  /** False while the database, being made again, does not show all that readers have seen. */
  readonly complete: boolean;
}

/** Every state of a story that readers could see. */
export class ListMementos extends Query<Mementos> {
  constructor(
    readonly story: string,
    readonly shows: { readonly named: boolean },
  ) {
    super();
  }
}

@QueryHandler(ListMementos)
export class ListMementosHandler implements IQueryHandler<ListMementos> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, shows }: ListMementos): Promise<Mementos> {
    return this.models.ofPast(['mementos', story, shows], async ({ client, position, log }) => {
      if (!(await oneStory(client, story))) throw problem('unknown-story');
      const shown = await lastVisibility(client);
      const mementos = await mementosOf(client, story, position, shows);
      return { log, mementos, complete: !shown || shown.last <= position };
    });
  }
}
