/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  /** Milliseconds before the first retry; doubles after each further failure. */
  readonly least?: number;
  /** The longest pause, in milliseconds. */
  readonly most?: number;
  /** Milliseconds that a stream must have lasted for the next failure to count as the first. */
  readonly healthy?: number;
}

const usual = { least: 1_000, most: 60_000, healthy: 10_000 };

/**
 * Exponential backoff with jitter: each client waits for a different time, so that a server that drops all clients is not called by all
 * of them at once.
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

  /** Call when the stream is open. */
  opened(): void {
    this.openedAt ??= this.now();
  }

  /** Call after a failure: returns the milliseconds to wait. `asked`: the server's minimum; the result is still at most `most`. */
  next(asked = 0): number {
    if (this.openedAt !== undefined && this.now() - this.openedAt >= this.healthy) this.failures = 0;
    this.openedAt = undefined;
    const drawn = this.least * 2 ** this.failures++ * (0.5 + this.chance());
    return Math.min(this.most, Math.max(drawn, asked * (1 + this.chance())));
  }
}

/** Resolves after `ms` milliseconds, or when the signal is aborted. */
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

/** The pause after a server has refused a stream, in milliseconds: people leave pages open for days. */
export const restMs = 60_000;

/**
 * Runs `session` until `signal` is aborted. Where it fails, for example because the server refuses the stream, calls `onFailure` and runs
 * it again after `rest` milliseconds.
 */
export async function runAgain(
  session: () => Promise<void>,
  { signal, onFailure, rest = restMs }: { signal: AbortSignal; onFailure: () => void; rest?: number },
): Promise<void> {
  while (!signal.aborted)
    try {
      await session();
    } catch {
      onFailure();
      await pause(rest, signal);
    }
}
