const minute = 60_000;

/** The most keys (addresses, people or tokens) in one tally, about 100 bytes each. Beyond that it forgets the least recently seen. */
export const keyLimit = 20_000;

/**
 * A rate limit per key: bursts of `perMinute`, refilled evenly over a minute. Stores one instant for each key, at which the key is full
 * again (the generic cell rate algorithm). 0 means no limit.
 */
export class Tally {
  private readonly filled = new Map<string, number>();

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
    private readonly keys = keyLimit,
  ) {}

  /** Uses one unit of the key. Returns 0, or the whole seconds until the next unit is free. */
  take(key: string): number {
    const wait = this.wait(key);
    if (wait === 0 && this.perMinute > 0) this.set(key, this.next(key));
    return wait;
  }

  /** The seconds until a unit is free; 0 for now. */
  wait(key: string): number {
    if (this.perMinute === 0) return 0;
    return Math.max(0, Math.ceil((this.next(key) - this.now() - minute) / 1_000));
  }

  /** The instant at which the key is full again after one more use. */
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
