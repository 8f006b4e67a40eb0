import type { Sealing } from '#domain';
import { KeyStoreError, type Key, type KeyStore, type Secrets } from '#keys';
import type { Environment, Unavailable } from './submit.js';

/** The secrets that a command has so far, by the id of their development or text. */
export type KnownSecrets = Map<string, Uint8Array>;

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
