import { Semaphore, withTimeout, type SemaphoreInterface } from 'async-mutex';

/** Thrown when a task would wait longer for its turn than allowed, or behind more tasks than allowed. */
export class Busy extends Error {}

/** The bounds of `Turns`. */
export interface TurnBounds {
  /** Maximum number of tasks that run at once. */
  readonly atOnce: number;
  /** Maximum number of tasks that wait. */
  readonly waiting: number;
  /** How long a task may wait, in milliseconds. */
  readonly waitMs: number;
}

/** Runs expensive tasks, a few at a time. Overlapping tasks with the same key run once and share the result. */
export class Turns {
  private readonly gate: SemaphoreInterface;
  private readonly most: number;
  private readonly shared = new Map<string, Promise<unknown>>();
  private waiting = 0;

  constructor({ atOnce, waiting, waitMs }: TurnBounds) {
    this.gate = withTimeout(new Semaphore(atOnce), waitMs, new Busy());
    this.most = waiting;
  }

  /** Rejects with Busy if the task got no turn. */
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
