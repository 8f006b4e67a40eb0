/** What a look at a running reader shows. `now` in milliseconds of any clock that only goes forward. */
export interface Look {
  readonly now: number;
  /** Offset after the last record handed over, and whether its handler is at work. */
  readonly handed: number;
  readonly busy: boolean;
  /** Offset after the log's last record. */
  readonly end: number;
}

/** Barks when records wait and none was handed over for `patience` milliseconds. A handler at work is progress. */
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
