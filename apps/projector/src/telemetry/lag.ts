/** The log's end (the offset of its next record) as it was seen at an instant, in milliseconds. */
interface Seen {
  readonly end: number;
  readonly at: number;
}

export interface Lag {
  /** How many records wait. */
  readonly records: number;
  /** How long the longest has been known to wait. */
  readonly seconds: number;
}

/** Tells from successive looks at the log's end how far behind it is who has applied all before `next`. */
export class LagWatch {
  private waiting: readonly Seen[] = [];

  look(next: number, end: number, now: number): Lag {
    const waiting = [...this.waiting, { end, at: now }].filter(seen => seen.end > next);
    // Only what a later look adds is news: one that saw no further end waits since the earlier.
    this.waiting = waiting.filter((seen, i) => i === 0 || seen.end > waiting[i - 1]!.end);
    const since = this.waiting[0]?.at ?? now;
    return { records: Math.max(0, end - next), seconds: (now - since) / 1_000 };
  }
}
