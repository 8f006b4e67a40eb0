/** A development's key: the secret, or when it was destroyed (ISO 8601, UTC). */
export type Key = { readonly secret: Uint8Array } | { readonly destroyed: string };
/** Keys by development. */
export type Keys = ReadonlyMap<string, Key>;

/**
 * Stores one key for each development. A method takes any number of developments, and rejects with a KeyStoreError if the store is
 * unavailable. It may then have changed some of the keys; repeat the call.
 */
export interface KeyStore {
  /** The keys that exist; omits developments that never had one. */
  keysOf(developments: Iterable<string>): Promise<Keys>;
  /**
   * Gets the development's key, or creates it with the secret `offered` or a random one; durable once it resolves. A destroyed key is
   * never replaced.
   */
  keyFor(development: string, offered?: Uint8Array): Promise<Key>;
  /**
   * Imports keys from another store; durable once it resolves. Rejects with `key-differs` if a development has another key;
   * destroyed keys stay destroyed. Idempotent.
   */
  adopt(secrets: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /**
   * Records permanently that the keys of these developments are lost, if the store has none; existing keys stay. Durable once it
   * resolves. Idempotent.
   */
  noteLost(developments: Iterable<string>): Promise<void>;
  /** Destroys the keys permanently, also of developments that have none yet; durable once it resolves. Idempotent. */
  destroy(developments: Iterable<string>): Promise<void>;
  close(): Promise<void>;
}

/** The most keys that a store reads or writes at once: a statement of Postgres has five seconds, and a process few open files. */
const keysAtOnce = 1_000;

/** For stores: what they handle at once, one after the other. */
export function slices<T>(all: Iterable<T>): T[][] {
  const items = [...all];
  return Array.from({ length: Math.ceil(items.length / keysAtOnce) }, (_, index) =>
    items.slice(index * keysAtOnce, (index + 1) * keysAtOnce),
  );
}

/** Every way in which a key store fails, and the remedy. */
export const keyStoreErrors = {
  'keys-unreachable': 'The key store is unreachable. Check KEY_STORE, or DATABASE_URL if KEY_STORE is not set.',
  'keys-exposed': 'All users of this machine can read the folder of keys that KEY_STORE names. Remove their access.',
  'key-missing':
    'The key store lacks the key of a development in the log. Check that KEY_STORE names the right store, or restore it.',
  'key-differs': 'The key store already has a different key for this development. It was not changed.',
  'sealed-unreadable': 'A sealed payload cannot be decrypted with its key, or does not match its public metadata.',
} as const;
/** The code of an error of the key store. */
export type KeyStoreErrorCode = keyof typeof keyStoreErrors;

/** The key store failed; `code` says how. */
export class KeyStoreError extends Error {
  constructor(
    readonly code: KeyStoreErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ? `${keyStoreErrors[code]} (${detail})` : keyStoreErrors[code], options);
  }
}

/** Checks that the stored keys equal the imported ones. Throws `key-differs` otherwise. */
export function checkAdopted(keys: Keys, secrets: ReadonlyMap<string, Uint8Array>): void {
  for (const [development, secret] of secrets) {
    const key = keys.get(development);
    if (key && 'secret' in key && Buffer.compare(key.secret, secret) !== 0)
      throw new KeyStoreError('key-differs', development);
  }
}

/** Turns an adapter's rejection into a KeyStoreError. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new KeyStoreError('keys-unreachable', (error as Error).message, { cause: error });
  }
}
