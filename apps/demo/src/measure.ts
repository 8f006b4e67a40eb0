/** Measures the time from post to display of each fact. Times are milliseconds of one clock. */
export class Measure {
  private readonly sent = new Map<string, number>();
  private readonly developments = new Map<string, string>();
  private readonly received = new Map<string, number>();

  /** `sent`: when its post began; undefined for a fact that was in the log before. */
  answered(fact: string, development: string, sent?: number): void {
    this.developments.set(fact, development);
    if (sent !== undefined) this.sent.set(fact, sent);
  }

  /** Only the first time counts: a stream that resumes may repeat itself. */
  seen(development: string, at: number): void {
    if (!this.received.has(development)) this.received.set(development, at);
  }

  /** The facts whose development is not in the set. */
  missingFrom(developments: ReadonlySet<string>): string[] {
    return [...this.developments].filter(([, development]) => !developments.has(development)).map(([fact]) => fact);
  }

  /** The facts that no reader has received yet. */
  unseen(): string[] {
    return this.missingFrom(new Set(this.received.keys()));
  }

  get facts(): number {
    return this.developments.size;
  }

  /** Milliseconds from just before each post to its arrival at the reader's connection. */
  postToGlass(): number[] {
    return [...this.developments].flatMap(([fact, development]) => {
      const [from, to] = [this.sent.get(fact), this.received.get(development)];
      return from === undefined || to === undefined ? [] : [to - from];
    });
  }
}

/** The smallest value that at least this share (0 to 1) of all values do not exceed; null for an empty list. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
