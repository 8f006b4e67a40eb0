export interface Backoff {
  /** Milliseconds before the first new try; twice as many after each further failure. */
  readonly least?: number;
  /** Milliseconds that a pause never exceeds. */
  readonly most?: number;
  /** Milliseconds that a stream must have stood before the next failure counts as the first again. */
  readonly healthy?: number;
}

const usual = { least: 1_000, most: 60_000, healthy: 10_000 };

/**
 * How long to wait before a new try, after whatever failure: longer each time, and a different time for each client, so
 * that a server that tells or loses everybody at once is not asked by everybody at once.
 */
export class Pauses {
  private readonly least: number;
  private readonly most: number;
  private readonly healthy: number;
  private failures = 0;
  private openedAt: number | undefined;

  constructor(
    { least = usual.least, most = usual.most, healthy = usual.healthy }: Backoff = {},
    private readonly now: () => number = () => performance.now(),
    private readonly chance: () => number = Math.random,
  ) {
    this.least = least;
    this.most = most;
    this.healthy = healthy;
  }

  /** The stream stands. */
  opened(): void {
    this.openedAt ??= this.now();
  }

  /** After a failure: how many milliseconds to wait. `asked`: at least that many, as the server said; still at most `most`. */
  next(asked = 0): number {
    if (this.openedAt !== undefined && this.now() - this.openedAt >= this.healthy) this.failures = 0;
    this.openedAt = undefined;
    const drawn = this.least * 2 ** this.failures++ * (0.5 + this.chance());
    return Math.min(this.most, Math.max(drawn, asked * (1 + this.chance())));
  }
}

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    if (signal.aborted) over();
    else signal.addEventListener('abort', over);
  });
}
