import { KeyStoreError, type Key, type KeyStore } from '#keys';
import type { Unavailable } from './submit.js';

/** Gets the secret of a development that the log holds. */
export const secretOf = (store: Pick<KeyStore, 'keysOf'>, development: string): Promise<Uint8Array | Unavailable> =>
  secretIn(development, async () => (await store.keysOf([development])).get(development));

/**
 * Gets the secret that seals a new development: the one offered, or the one that an earlier try of the same command kept. The secret is
 * durable when this resolves.
 */
export const keepSecret = (
  store: Pick<KeyStore, 'keyFor'>,
  development: string,
  offered: Uint8Array,
): Promise<Uint8Array | Unavailable> => secretIn(development, () => store.keyFor(development, offered));

async function secretIn(development: string, ask: () => Promise<Key | undefined>): Promise<Uint8Array | Unavailable> {
  try {
    const key = await ask();
    if (!key) return unavailable(new KeyStoreError('key-missing', development).message);
    return 'secret' in key ? key.secret : unavailable(`The key of ${development} has been destroyed.`);
  } catch (error) {
    if (error instanceof KeyStoreError) return unavailable(error.message);
    throw error;
  }
}

const unavailable = (why: string): Unavailable => ({ outcome: 'unavailable', of: 'keys', why });
