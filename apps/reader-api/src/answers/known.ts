import type { Changed, PresentState } from '#projections';

/** The state of the database at one look. */
export interface Look {
  /** Differs after anything that may change any answer: a takedown, another build, another log. */
  readonly epoch: number;
  readonly position: number;
  readonly shown: number;
}

/** The data that an answer depends on, besides its address, the build and the registry. */
export interface Scope {
  /** The story that it is about. */
  readonly story?: string;
  /** Another story whose header it shows. */
  readonly names?: string;
  /** Whether it depends on every commit, for example because an instant was asked for. */
  readonly everything?: boolean;
}

/** Maximum number of stories whose last changes are remembered. After more, everything counts as changed. */
export const mostStories = 10_000;

type SameEpoch = Pick<PresentState, 'build' | 'log' | 'shredded' | 'rewritten'>;
const tokenOf = ({ build, log, shredded, rewritten }: SameEpoch) => JSON.stringify([build, log, shredded, rewritten]);

/** This process's knowledge of the database, from one look to the next. It says whether an answer from an earlier look is still right. */
export class Known {
  private epoch = 0;
  private token: string | undefined;
  private state: Look = { epoch: 0, position: 0, shown: 0 };
  private readonly stories = new Map<string, number>();
  private registry = 0;

  /** Called when everything counts as changed. */
  onForget: () => void = () => undefined;

  constructor(private readonly most = mostStories) {}

  /** The position after which changes have to be read before `take`; undefined if there is nothing to read. */
  changesNeeded(state: PresentState): number | undefined {
    return tokenOf(state) === this.token && state.position > this.state.position ? this.state.position : undefined;
  }

  /** Takes in a look; `changes`: those after `changesNeeded`, or null if there were too many. */
  take(state: PresentState, changes: readonly Changed[] | null = []): Look {
    const token = tokenOf(state);
    const { position, shown } = state;
    const further = new Set(changes?.map(({ story }) => story)).size + this.stories.size;
    // The log never goes back. If it seems to, the database is another one.
    if (token !== this.token || position < this.state.position || !changes || further > this.most) this.forget(token);
    else for (const change of changes) this.note(change);
    return (this.state = { epoch: this.epoch, position, shown });
  }

  private forget(token: string): void {
    this.epoch++;
    this.token = token;
    this.stories.clear();
    this.registry = 0;
    this.onForget();
  }

  private note({ story, position }: Changed): void {
    if (story === null) this.registry = Math.max(this.registry, position);
    else this.stories.set(story, Math.max(this.stories.get(story) ?? 0, position));
  }

  /** The latest look. */
  get latest(): Look {
    return this.state;
  }

  /** Whether an answer of this scope that was begun after the look `then` is still right at the latest look. */
  same({ story, names, everything }: Scope, then: Look): boolean {
    if (then.epoch !== this.epoch) return false;
    if (everything) return then.position === this.state.position && then.shown === this.state.shown;
    if (this.registry > then.position) return false;
    return [story, names].every(of => of === undefined || (this.stories.get(of) ?? 0) <= then.position);
  }
}
