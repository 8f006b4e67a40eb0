import { pause, Pauses } from '#client';
import { KeyStoreError } from '#keys';

interface Log {
  warn(told: object, text: string): void;
  info(text: string): void;
}

/**
 * Makes the key store ready for use, in the background: the process decides and reads without it, and refuses with 503 only
 * what takes a key. Where the store does not answer it tries again, with growing pauses of a minute at most.
 */
export class KeyStorePreparation {
  readonly #over = new AbortController();
  #ready = false;

  constructor(
    private readonly prepare: () => Promise<void>,
    private readonly log: Log,
    private readonly pauses = new Pauses(),
  ) {}

  /** Whether the store was made ready. It stays so: a store that is lost later is told of where a key is asked for. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves once the first try is over; rejects with what no further try would mend. */
  async start(): Promise<this> {
    if (!(await this.#try())) void this.#again();
    return this;
  }

  stop(): void {
    this.#over.abort();
  }

  async #again(): Promise<void> {
    const { signal } = this.#over;
    do await pause(this.pauses.next(), signal);
    while (!signal.aborted && !(await this.#try().catch(error => this.#unmendable(error))));
  }

  #unmendable(error: unknown): false {
    this.log.warn({ err: error }, 'the key store cannot be used');
    return false;
  }

  async #try(): Promise<boolean> {
    try {
      await this.prepare();
    } catch (error) {
      if (!(error instanceof KeyStoreError) || error.code !== 'keys-unreachable') throw error;
      this.log.warn({ err: error }, 'the key store does not answer; retrying');
      return false;
    }
    this.#ready = true;
    this.log.info('the key store is ready');
    return true;
  }
}
