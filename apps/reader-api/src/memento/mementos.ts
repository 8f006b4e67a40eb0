import {
  lastVisibility,
  mementoAt,
  mementoLimit,
  mementosOf,
  oneStory,
  type Memento,
  type Neighbours,
} from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { problem } from '../http/problems.js';
import { ReadModels } from '../read-models.js';

/** The past states of a story, for a TimeMap. */
export interface Mementos {
  readonly log: string | null;
  /** The latest ones, in order. */
  readonly mementos: readonly Memento[];
  /** Whether earlier ones exist that are not listed. */
  readonly earlier: boolean;
  /** False while a database that is being rebuilt does not yet show everything that readers have seen. */
  readonly complete: boolean;
}

/** Asks for the states of a story that readers could see. */
export class ListMementos extends Query<Mementos> {
  constructor(
    readonly story: string,
    readonly shows: { readonly named: boolean },
  ) {
    super();
  }
}

@QueryHandler(ListMementos)
/** Answers `ListMementos` from the live build. */
export class ListMementosHandler implements IQueryHandler<ListMementos> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, shows }: ListMementos): Promise<Mementos> {
    return this.models.read(async ({ client, position, log }) => {
      if (!(await oneStory(client, story))) throw problem('unknown-story');
      const shown = await lastVisibility(client);
      const found = await mementosOf(client, story, position, shows, mementoLimit + 1);
      const mementos = found.slice(-mementoLimit);
      return { log, mementos, earlier: found.length > mementoLimit, complete: !shown || shown.last <= position };
    });
  }
}

/** Asks for the memento at a position and its neighbours. */
export class FindMemento extends Query<Neighbours | undefined> {
  constructor(
    readonly story: string,
    readonly position: number,
    readonly shows: { readonly named: boolean },
  ) {
    super();
  }
}

@QueryHandler(FindMemento)
/** Answers `FindMemento` from the live build. */
export class FindMementoHandler implements IQueryHandler<FindMemento> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, position, shows }: FindMemento): Promise<Neighbours | undefined> {
    return this.models.read(({ client, position: present }) => mementoAt(client, story, present, position, shows));
  }
}

/**
 * The memento that readers saw at an instant (milliseconds since 1970). HTTP dates have whole seconds, so it is the last
 * memento that began in that second or earlier. For an instant before the first memento it is the first.
 */
export const mementoFor = (all: readonly Memento[], instant: number): Memento | undefined =>
  all.findLast(({ at }) => Date.parse(at) < instant + 1_000) ?? all[0];
