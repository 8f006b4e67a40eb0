/** A number that only grows, such as the next offset to read, and those who wait until it has reached a value. */
export class Milestone {
  private reached = 0;
  /** By the value that they wait for: many wait for the same one. */
  private readonly waiting = new Map<number, Set<(reached: true) => void>>();

  /** How many wait. */
  get size(): number {
    return [...this.waiting.values()].reduce((size, { size: more }) => size + more, 0);
  }

  get value(): number {
    return this.reached;
  }

  reach(value: number): void {
    this.reached = value;
    for (const [at, resolves] of this.waiting) {
      if (at > value) continue;
      this.waiting.delete(at);
      for (const resolve of resolves) resolve(true);
    }
  }

  /** Resolves to whether the value is reached within `timeoutMs` milliseconds, and before `signal` is aborted. */
  async until(at: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.reached >= at) return true;
    if (signal?.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const resolves = this.waiting.get(at) ?? new Set();
    this.waiting.set(at, resolves.add(resolve));
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp);
    const reached = await promise;
    signal?.removeEventListener('abort', giveUp);
    clearTimeout(timer);
    resolves.delete(resolve);
    if (resolves.size === 0 && this.waiting.get(at) === resolves) this.waiting.delete(at);
    return reached;
  }
}
