/** What there is of a development's key: the secret, or when it was destroyed (ISO 8601, UTC). */
export type Key = { readonly secret: Uint8Array } | { readonly destroyed: string };
export type Keys = ReadonlyMap<string, Key>;

/**
 * Keeps the key of each development. Every method rejects with a KeyStoreError where the store cannot be asked: nothing is
 * known then, and nothing was done.
 */
export interface KeyStore {
  /** Those there are; a development that never had a key is left out. */
  keysOf(developments: Iterable<string>): Promise<Keys>;
  /**
   * The development's key, durable by then. Where there is none, its secret is `offered`, or a new one; a key that was
   * destroyed never gets another secret.
   */
  keyFor(development: string, offered?: Uint8Array): Promise<Key>;
  /**
   * Takes over keys that were kept elsewhere, durable by then. Rejects with `key-differs` where there is another one; what was
   * destroyed stays so, and doing it again changes nothing.
   */
  adopt(secrets: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /**
   * Notes for good that these have no key any more, where the store has none; a key that is there stays. Durable by then.
   * Doing it again changes nothing.
   */
  noteLost(developments: Iterable<string>): Promise<void>;
  /** Ends the keys for ever, whether there were any or not; durable by then. Doing it again changes nothing. */
  destroy(developments: Iterable<string>): Promise<void>;
  close(): Promise<void>;
}

export const keyStoreErrors = {
  'keys-unreachable': 'The key store is unreachable. Check KEY_STORE, or DATABASE_URL if KEY_STORE is not set.',
  'keys-exposed': 'All users of this machine can read the folder of keys that KEY_STORE names. Remove their access.',
  'key-missing':
    'The key store lacks the key of a development in the log. Check that KEY_STORE names the right store, or restore it.',
  'key-differs': 'The key store already has a different key for this development. It was not changed.',
  'sealed-unreadable': 'A sealed payload cannot be decrypted with its key, or does not match its public metadata.',
} as const;
export type KeyStoreErrorCode = keyof typeof keyStoreErrors;

export class KeyStoreError extends Error {
  constructor(
    readonly code: KeyStoreErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ? `${keyStoreErrors[code]} (${detail})` : keyStoreErrors[code], options);
  }
}

/** The keys that there are after a take-over must be those taken over. */
export function checkAdopted(keys: Keys, secrets: ReadonlyMap<string, Uint8Array>): void {
  for (const [development, secret] of secrets) {
    const key = keys.get(development);
    if (key && 'secret' in key && Buffer.compare(key.secret, secret) !== 0)
      throw new KeyStoreError('key-differs', development);
  }
}

/** Rejects with a KeyStoreError in the place of what an adapter's own means reject with. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new KeyStoreError('keys-unreachable', (error as Error).message, { cause: error });
  }
}
