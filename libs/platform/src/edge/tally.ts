const minute = 60_000;

/** How many addresses, persons or tokens one tally remembers, some 100 bytes each. Past that it forgets the one heard of longest ago. */
export const keyLimit = 20_000;

/**
 * What each key may still use up: `perMinute` at once, which fill up again evenly over a minute. For each key it keeps one
 * instant, at which all of it is there again (the generic cell rate algorithm). 0 allows everything.
 */
export class Tally {
  private readonly filled = new Map<string, number>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
    private readonly keys = keyLimit,
  ) {}

  /** Takes one of what the key may use up. Gives 0, or the whole seconds until one can be taken again. */
  take(key: string): number {
    const wait = this.wait(key);
    if (wait === 0 && this.perMinute > 0) this.set(key, this.next(key));
    return wait;
  }

  /** The seconds until one can be taken; 0 for now. */
  wait(key: string): number {
    if (this.perMinute === 0) return 0;
    return Math.max(0, Math.ceil((this.next(key) - this.now() - minute) / 1_000));
  }

  /** The instant at which everything is there again once one more is taken. */
  private next(key: string): number {
    return Math.max(this.now(), this.filled.get(key) ?? 0) + minute / this.perMinute;
  }

  private set(key: string, filled: number): void {
    this.filled.delete(key);
    this.filled.set(key, filled);
    if (this.filled.size > this.keys) this.filled.delete(this.filled.keys().next().value!);
  }

  get size(): number {
    return this.filled.size;
  }
}
