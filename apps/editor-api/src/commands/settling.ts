import { setTimeout as sleep } from 'node:timers/promises';
import type { Chains, Link } from './chains.js';

/** The longest time in milliseconds until records in doubt are sent again. */
const longestPauseMs = 60_000;

/** The records of a process, and its log. */
export interface Ground {
  /** Resolves to whether every record that the log held at the call has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** The stream's records that may still win, if there are any. */
  chainsNow(stream: string): Chains | undefined;
  /** Sends the stream's records in doubt again. */
  insist(stream: string): void;
}

/**
 * Sends the records in doubt of a stream again until each has won or lost, so that a command that was answered `pending` gets its outcome
 * although its client never asks again.
 */
export class Settling {
  /** By stream, when its first records are sent again. */
  private readonly begun = new Map<string, Promise<void>>();

  constructor(
    private readonly ground: Ground,
    /** The time in milliseconds until records are sent again. It doubles each time. */
    private readonly pauseMs: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether records of any stream may be in doubt. */
  get isBusy(): boolean {
    return this.begun.size > 0;
  }

  /** Call when records of the stream are in doubt. Resolves when they are about to be sent again for the first time. */
  begin(stream: string): Promise<void> {
    const begun = this.begun.get(stream);
    if (begun) return begun;
    const first = this.insist(stream);
    this.begun.set(stream, first);
    void this.goOn(stream, first).catch(() => this.begun.delete(stream));
    return first;
  }

  private async goOn(stream: string, first: Promise<void>): Promise<void> {
    const { signal } = this;
    await first;
    let awaited: Link | undefined;
    for (let { pauseMs } = this; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      await sleep(pauseMs, undefined, { signal, ref: false });
      const chains = this.ground.chainsNow(stream);
      if (!chains?.isInDoubt) break;
      // The log lost it as well.
      if (awaited && awaited === chains.next) chains.doubt(awaited);
      awaited = chains.next;
      await this.insist(stream);
    }
    this.begun.delete(stream);
  }

  /** What the log has need not be sent, so it is read first. */
  private async insist(stream: string): Promise<void> {
    if (await this.ground.caughtUp(this.pauseMs)) this.ground.insist(stream);
  }
}
