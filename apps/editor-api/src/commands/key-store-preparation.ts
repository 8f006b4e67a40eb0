import { pause, Pauses } from '#client';
import { KeyStoreError } from '#keys';

interface Log {
  warn(details: object, text: string): void;
  info(text: string): void;
}

/**
 * Prepares the key store in the background. Until it is ready the process decides and reads without it, and refuses with 503 only the
 * requests that need a key. When the store does not answer, it tries again after growing pauses of at most a minute.
 */
export class KeyStorePreparation {
  readonly #over = new AbortController();
  #ready = false;

  constructor(
    private readonly prepare: () => Promise<void>,
    /** Finds the reason why the store could lose keys. */
    private readonly risk: () => Promise<string | undefined>,
    private readonly log: Log,
    private readonly pauses = new Pauses(),
  ) {}

  /** Whether the store was prepared. It stays true: a store that fails later is reported by the request that needs a key. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves after the first try. Rejects with an error that no further try would solve. */
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
    const risk = await this.risk().catch(() => undefined);
    if (risk !== undefined) this.log.warn({}, risk);
    return true;
  }
}
