import { pause, Pauses } from '#client';

/** Readers of one page load a changed fragment within this time, not all at once. */
const spreadMs = 300;
/** For how long after a change a cache may hold what was before it, in milliseconds: the most of `CACHE_SECONDS`, and some more. */
export const longestCachedMs = 65_000;
/** The longest pause between two tries, in milliseconds. */
const longestPauseMs = 10_000;

/** Loads again what a change has made old. */
export class Refresh {
  private loading = false;
  /** A try that begins after this is the last one. */
  private over = 0;

  constructor(
    private readonly load: () => Promise<unknown>,
    private readonly isFresh: () => boolean,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Call at each change: loads until what was loaded is fresh, after longer and longer pauses, until no cache can hold the old any more. It
   * then stays old until the next call.
   */
  begin(): void {
    this.over = performance.now() + longestCachedMs;
    if (!this.loading) void this.run();
  }

  private async run(): Promise<void> {
    this.loading = true;
    await pause(Math.random() * spreadMs, this.signal);
    for (const pauses = new Pauses({ most: longestPauseMs }); !this.signal.aborted;) {
      const began = performance.now();
      await this.load();
      // Nothing happens between this and the end, so no call is lost.
      if (this.isFresh() || began > this.over) break;
      await pause(pauses.next(), this.signal);
    }
    this.loading = false;
  }
}
