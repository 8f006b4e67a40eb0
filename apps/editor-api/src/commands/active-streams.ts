import { Chains, type Link } from './chains.js';
import type { WriteModel } from './write-model.js';

interface Active {
  readonly chains: Chains;
  submissions: number;
}

/** The records of a stream that were sent before the log was read again. */
export interface Reread {
  readonly stream: string;
  /** Those that have won or lost. */
  readonly settled: readonly Link[];
  /** Whether some may still win. */
  readonly isOpen: boolean;
}

/** The streams with submissions that are being processed, or with records of this process that may still win. */
export class ActiveStreams {
  private readonly active = new Map<string, Active>();
  /** Records that were sent before the log was read again, by stream. They may have won, or may still win. */
  private readonly former = new Map<string, Chains>();

  get size(): number {
    return this.active.size + this.former.size;
  }

  chainsNow(stream: string): Chains | undefined {
    return this.active.get(stream)?.chains;
  }

  chainsOf(stream: string): Chains {
    return this.activate(stream).chains;
  }

  /** Keeps the stream's chains until `end` is called. */
  begin(stream: string): { end(): void } {
    const active = this.activate(stream);
    active.submissions++;
    return {
      end: () => {
        active.submissions--;
        this.retire(stream);
      },
    };
  }

  /** Forgets a stream that nobody needs. */
  retire(stream: string): void {
    const active = this.active.get(stream);
    if (active?.submissions === 0 && active.chains.size === 0) this.active.delete(stream);
  }

  /** Removes those of the records that never left this process, and returns them and those after them. */
  notSent(stream: string, links: readonly Link[]): Link[] {
    const removed = [this.chainsNow(stream), this.former.get(stream)].flatMap(chains => chains?.notSent(links) ?? []);
    this.retire(stream);
    return removed;
  }

  /** Sets all records aside while the log is read again: they come after others of their streams, so they would seem to have lost. */
  setAside(): void {
    for (const [stream, { chains }] of this.active) {
      const former = this.former.get(stream) ?? new Chains(stream);
      this.former.set(stream, former);
      former.adopt(chains);
    }
    this.active.clear();
  }

  /** Takes back the records that `setAside` set aside. Call when the log has been read again. */
  *takeBack(log: WriteModel): Generator<Reread> {
    for (const [stream, former] of this.former) {
      const settled = former.readAgain(log);
      this.chainsOf(stream).adopt(former);
      yield { stream, settled, isOpen: former.size > 0 };
      this.retire(stream);
    }
    this.former.clear();
  }

  private activate(stream: string): Active {
    const active = this.active.get(stream) ?? { chains: new Chains(stream), submissions: 0 };
    this.active.set(stream, active);
    return active;
  }
}
