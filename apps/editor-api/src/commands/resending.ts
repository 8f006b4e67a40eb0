import { setTimeout as sleep } from 'node:timers/promises';
import type { Chains } from './chains.js';

/** The longest time in milliseconds until records in doubt are sent again. */
const longestPauseMs = 15_000;

/** The records of a process, and its log. */
export interface Sender {
  /** Resolves to whether every record that the log held at the call has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** The stream's records that may still win, if there are any. */
  chainsNow(stream: string): Chains | undefined;
  /** Sends copies of the stream's records in doubt. */
  sendCopies(stream: string): void;
}

interface Begun {
  /** Resolves when the first copies are about to be sent. */
  readonly first: Promise<void>;
  readonly over: AbortController;
}

/**
 * Sends the records in doubt of a stream again until each has won or lost, so that a command that was answered `pending` gets its outcome
 * although its client never asks again.
 */
export class Resending {
  private readonly begun = new Map<string, Begun>();
  private isClosed = false;

  constructor(
    private readonly sender: Sender,
    /** The time in milliseconds until records are sent again. It doubles each time. */
    private readonly pauseMs: number,
  ) {}

  /** Whether records of any stream may be in doubt. */
  get isBusy(): boolean {
    return this.begun.size > 0;
  }

  /** Call when records of the stream are in doubt. Resolves when the first copies are about to be sent. */
  begin(stream: string): Promise<void> {
    const known = this.begun.get(stream);
    if (known) return known.first;
    if (this.isClosed) return Promise.resolve();
    const begun = { first: this.send(stream), over: new AbortController() };
    this.begun.set(stream, begun);
    void this.goOn(stream, begun).catch(() => {
      if (this.begun.get(stream) === begun) this.end(stream);
    });
    return begun.first;
  }

  /** Call when no record of the stream is in doubt any more. */
  end(stream: string): void {
    this.begun.get(stream)?.over.abort();
    this.begun.delete(stream);
  }

  close(): void {
    this.isClosed = true;
    for (const stream of [...this.begun.keys()]) this.end(stream);
  }

  private async goOn(stream: string, { first, over: { signal } }: Begun): Promise<void> {
    await first;
    for (let { pauseMs } = this; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await sleep(pauseMs, undefined, { signal, ref: false });
      const chains = this.sender.chainsNow(stream);
      if (!chains?.isInDoubt) return this.end(stream);
      chains.doubtCopies();
      await this.send(stream);
    }
  }

  /** What the log has need not be sent, so it is read first. */
  private async send(stream: string): Promise<void> {
    if (await this.sender.caughtUp(this.pauseMs)) this.sender.sendCopies(stream);
  }
}
