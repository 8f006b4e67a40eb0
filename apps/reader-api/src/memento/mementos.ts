import {
  lastVisibility,
  mementoAt,
  mementosAfter,
  mementoSeenAt,
  oneStory,
  type Memento,
  type Neighbours,
} from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { problem } from '../http/problems.js';
import { ReadModels } from '../read-models.js';

/** Past states of a story, for one part of a TimeMap. */
export interface Mementos {
  readonly log: string | null;
  /** In order. */
  readonly mementos: readonly Memento[];
  /** The first one that is not listed. */
  readonly next: Memento | undefined;
}

/** Whether a state counts that differs only in the names of actors. */
interface Shows {
  readonly named: boolean;
}

/** Asks for the states of a story that readers could see after a position. */
export class ListMementos extends Query<Mementos> {
  constructor(
    readonly story: string,
    readonly shows: Shows,
    readonly after: number,
  ) {
    super();
  }
}

@QueryHandler(ListMementos)
/** Answers `ListMementos` from the live build. Rejects while a rebuilt database does not show all that readers have seen. */
export class ListMementosHandler implements IQueryHandler<ListMementos> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, shows, after }: ListMementos): Promise<Mementos> {
    return this.models.read(async ({ client, position: present, log }) => {
      if (!(await oneStory(client, story))) throw problem('unknown-story');
      const shown = await lastVisibility(client);
      if (!shown || shown.last > present) throw problem('catching-up');
      const part = await mementosAfter(client, { story, present, ...shows }, Math.min(after, present));
      // Readers have not been shown the story yet.
      if (after === 0 && part.mementos.length === 0) throw problem('catching-up');
      return { log, ...part };
    });
  }
}

/** Asks for the memento at a position and its neighbours. */
export class FindMemento extends Query<Neighbours | undefined> {
  constructor(
    readonly story: string,
    readonly position: number,
    readonly shows: Shows,
  ) {
    super();
  }
}

@QueryHandler(FindMemento)
/** Answers `FindMemento` from the live build. */
export class FindMementoHandler implements IQueryHandler<FindMemento> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, position, shows }: FindMemento): Promise<Neighbours | undefined> {
    return this.models.read(({ client, position: present }) =>
      mementoAt(client, { story, present, ...shows }, position),
    );
  }
}

/** Asks for the memento that readers saw in a second (milliseconds since 1970), and its neighbours. */
export class FindMementoSeen extends Query<Neighbours> {
  constructor(
    readonly story: string,
    readonly second: number,
    readonly shows: Shows,
  ) {
    super();
  }
}

@QueryHandler(FindMementoSeen)
/** Answers `FindMementoSeen` from the live build. Rejects while a rebuilt database does not have what readers saw then. */
export class FindMementoSeenHandler implements IQueryHandler<FindMementoSeen> {
  constructor(private readonly models: ReadModels) {}

  execute({ story, second, shows }: FindMementoSeen): Promise<Neighbours> {
    return this.models.read(async ({ client, position: present }) => {
      if (!(await oneStory(client, story))) throw problem('unknown-story');
      const found = await mementoSeenAt(client, { story, present, ...shows }, endOf(second));
      if (!found) throw problem('catching-up');
      return found;
    });
  }
}

const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');
/** The last millisecond of a second: HTTP dates have whole seconds, and a memento that began within one belongs to it. */
const endOf = (second: number): string => new Date(Math.min(second + 999, lastInstant)).toISOString();
