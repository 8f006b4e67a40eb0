/** The log's end (the offset of its next record), seen at an instant in milliseconds. */
interface Seen {
  readonly end: number;
  readonly at: number;
}

/** How far the projector is behind the log. */
export interface Lag {
  /** Number of records that wait. */
  readonly records: number;
  /** How long the oldest record has been known to wait. */
  readonly seconds: number;
}

/** Computes the lag of a projector that has applied all records before `next`, from successive looks at the log's end. */
export class LagWatch {
  private waiting: readonly Seen[] = [];

  look(next: number, end: number, now: number): Lag {
    const waiting = [...this.waiting, { end, at: now }].filter(seen => seen.end > next);
    // A later look counts only if it saw a further end: the same records wait since the earlier look.
    this.waiting = waiting.filter((seen, i) => i === 0 || seen.end > waiting[i - 1]!.end);
    const since = this.waiting[0]?.at ?? now;
    return { records: Math.max(0, end - next), seconds: (now - since) / 1_000 };
  }
}
