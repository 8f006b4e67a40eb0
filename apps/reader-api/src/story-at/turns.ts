import { Semaphore, withTimeout, type SemaphoreInterface } from 'async-mutex';

/** Thrown when a task would wait longer for its turn than allowed, or behind more tasks than allowed. */
export class Busy extends Error {}

export interface TurnBounds {
  /** How many tasks run at once. */
  readonly atOnce: number;
  /** How many more may wait for a turn. */
  readonly waiting: number;
  /** How long one of them may wait, in milliseconds. */
  readonly waitMs: number;
}

/** Runs expensive tasks, a few at a time. Tasks of one key that overlap are one task with one result. */
export class Turns {
  private readonly gate: SemaphoreInterface;
  private readonly most: number;
  private readonly shared = new Map<string, Promise<unknown>>();
  private waiting = 0;

  constructor({ atOnce, waiting, waitMs }: TurnBounds) {
    this.gate = withTimeout(new Semaphore(atOnce), waitMs, new Busy());
    this.most = waiting;
  }

  /** Rejects with Busy where the task got no turn. */
  take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.shared.get(key);
    if (running) return running as Promise<T>;
    const begun = this.inTurn(task).finally(() => this.shared.delete(key));
    this.shared.set(key, begun);
    return begun;
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    const release = await this.turn();
    try {
      return await task();
    } finally {
      release();
    }
  }

  private async turn(): Promise<() => void> {
    const waits = this.gate.isLocked();
    if (waits && this.waiting >= this.most) throw new Busy();
    if (waits) this.waiting++;
    try {
      const [, release] = await this.gate.acquire();
      return release;
    } finally {
      if (waits) this.waiting--;
    }
  }
}
