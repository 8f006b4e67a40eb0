/** A snapshot of a running reader. `now`: milliseconds of a monotonic clock. */
export interface Look {
  readonly now: number;
  /** The offset after the last record handed over, and whether its handler is running. */
  readonly handed: number;
  readonly busy: boolean;
  /** The offset after the log's last record. */
  readonly end: number;
}

/** Raises an alarm when records wait and none was handed over for `patience` milliseconds. A running handler counts as progress. */
export class Watchdog {
  readonly #patience: number;
  #handed = -1;
  #since = 0;

  constructor(patience: number) {
    this.#patience = patience;
  }

  stalled({ now, handed, busy, end }: Look): boolean {
    if (busy || handed >= end || handed !== this.#handed) {
      this.#handed = handed;
      this.#since = now;
      return false;
    }
    return now - this.#since >= this.#patience;
  }
}
