import { lastVisibility, mementoLimit, mementosOf, oneStory, type Memento } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { problem } from '../http/problems.js';
import { ReadModels } from '../read-models.js';

export interface Mementos {
  readonly log: string | null;
  /** The latest ones, in order. */
  readonly mementos: readonly Memento[];
  /** Whether there are earlier ones, which are not listed. */
  readonly earlier: boolean;
  /** False while the database, being made again, does not show all that readers have seen. */
  readonly complete: boolean;
}

/** The states of a story that readers could see. */
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
      const found = await mementosOf(client, story, position, shows, mementoLimit + 1);
      const mementos = found.slice(-mementoLimit);
      return { log, mementos, earlier: found.length > mementoLimit, complete: !shown || shown.last <= position };
    });
  }
}

/**
 * The memento that readers saw at an instant (milliseconds since 1970). HTTP dates name whole seconds, so it is the last
 * one that began within that second or before; the first one for whoever asks for what was before it.
 */
export const mementoAt = (all: readonly Memento[], instant: number): Memento | undefined =>
  all.findLast(({ at }) => Date.parse(at) < instant + 1_000) ?? all[0];
