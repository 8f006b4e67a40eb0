import { KeyStoreError, type Key, type KeyStore } from '#keys';
import type { Unavailable } from './submit.js';

/** The secret of a development that the log holds. */
export const secretOf = (store: Pick<KeyStore, 'keysOf'>, development: string): Promise<Uint8Array | Unavailable> =>
  secretIn(development, async () => (await store.keysOf([development])).get(development));

/**
 * The secret that a new development is sealed under: the one offered, or the one that an earlier try of its command kept.
 * It is durable by then.
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
