import type { Sealing } from '#domain';
import { KeyStoreError, type Key, type KeyStore, type Secrets } from '#keys';
import { unavailable, type Environment, type Unavailable } from './submission.js';
import { latestKey, type WriteModel } from './write-model.js';

/** The secrets that a command has so far, by the id of their development or text. */
export type KnownSecrets = Map<string, Uint8Array>;

/** Gets the secret of a development that the log holds. */
export const secretOf = (store: Pick<KeyStore, 'keysOf'>, development: string): Promise<Uint8Array | Unavailable> =>
  secretIn(development, async () => (await store.keysOf([development])).get(development));

/**
 * How long a key that the store had counts as there: while posts follow each other, none of them waits for a look. Posts in a story that
 * loses a key within this time reach readers only when the key is found.
 */
const trustMs = 1_000;
/** The most keys that are known to be there. */
const mostTrusted = 10_000;

/** The keys that the key store had a moment ago, and whether it still has others. */
export class KeptKeys {
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly store: Pick<KeyStore, 'keysOf' | 'keyFor'>,
    private readonly now = () => performance.now(),
  ) {}

  /**
   * Gets the secret that seals a new development: the one offered, or the one that an earlier try of the same command kept. The secret is
   * durable when this resolves.
   */
  async keep(development: string, offered: Uint8Array): Promise<Uint8Array | Unavailable> {
    const kept = await secretIn(development, () => this.store.keyFor(development, offered));
    if (!('outcome' in kept)) this.#saw(development);
    return kept;
  }

  /**
   * Finds the reason why readers would not get what is posted after the words with this id: the store lacks their key, so their stream is in
   * quarantine. A server of keys that was replaced by one that had not got everything lacks the latest keys.
   */
  async lossOf(id: string): Promise<Unavailable | undefined> {
    const seen = this.#seen.get(id);
    if (seen !== undefined && this.now() - seen < trustMs) return undefined;
    try {
      if (!(await this.store.keysOf([id])).has(id))
        return unavailable(
          'keys',
          `The key store lacks the key of ${id}, the latest words here, so readers would get nothing that follows them. ` +
            'Find the key, or give it up: `audit keys` (docs/operate.md, "Keys that were lost").',
        );
    } catch (error) {
      if (error instanceof KeyStoreError) return unavailable('keys', error.message);
      throw error;
    }
    this.#saw(id);
    return undefined;
  }

  #saw(id: string): void {
    this.#seen.delete(id);
    this.#seen.set(id, this.now());
    // A map iterates in the order of insertion, so the first key is the oldest.
    if (this.#seen.size > mostTrusted) this.#seen.delete(this.#seen.keys().next().value!);
  }
}

/** Finds the reason why readers would not get the next words of the stream. */
export async function lossBefore(
  model: WriteModel,
  stream: string,
  environment: Pick<Environment, 'lossOf'>,
): Promise<Unavailable | undefined> {
  const last = latestKey(model, stream);
  return last === undefined ? undefined : environment.lossOf(last);
}

async function secretIn(development: string, ask: () => Promise<Key | undefined>): Promise<Uint8Array | Unavailable> {
  try {
    const key = await ask();
    if (!key) return unavailable('keys', new KeyStoreError('key-missing', development).message);
    return 'secret' in key ? key.secret : unavailable('keys', `The key of ${development} has been destroyed.`);
  } catch (error) {
    if (error instanceof KeyStoreError) return unavailable('keys', error.message);
    throw error;
  }
}

/** The ids of the secrets that a decision needs and does not have. */
export const lackingIn = ({ key, also = [], opens }: Sealing, secrets: Secrets): string[] =>
  [key, ...also, opens].filter(id => id !== undefined && !secrets.has(id)) as string[];

/** Gets the secret of the text that the decision reads. Resolves to the reason why it is not available. */
export async function readSecret(
  id: string | undefined,
  environment: Pick<Environment, 'secretOf'>,
  secrets: KnownSecrets,
): Promise<Unavailable | undefined> {
  if (id === undefined || secrets.has(id)) return undefined;
  const read = await environment.secretOf(id);
  if ('outcome' in read) return read;
  secrets.set(id, read);
  return undefined;
}
