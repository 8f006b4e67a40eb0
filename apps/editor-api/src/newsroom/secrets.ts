import type { OpaqueEvent } from '#domain';
import { KeyStoreError, developmentsWithPayload, type Key, type KeyStore, type Secrets } from '#keys';
import type { Unavailable } from './submit.js';

/** The secrets that it takes to seal these events: of a development that is recorded, a new one. */
export async function secretsFor(
  store: Pick<KeyStore, 'keysOf' | 'keyFor'>,
  events: readonly OpaqueEvent[],
  known: Secrets,
): Promise<Secrets | Unavailable> {
  const recorded = new Set(
    events.flatMap(({ type, data }) => (type === 'DevelopmentRecorded' ? [data.development] : [])),
  );
  const wanted = [...developmentsWithPayload(events)].filter(development => !known.has(development));
  try {
    const held = await store.keysOf(wanted.filter(development => !recorded.has(development)));
    const secrets = new Map<string, Uint8Array>();
    for (const development of wanted) {
      const key: Key | undefined = recorded.has(development) ? await store.keyFor(development) : held.get(development);
      if (!key) return unavailable(new KeyStoreError('key-missing', development).message);
      if ('destroyed' in key) return unavailable(`The key of ${development} has been destroyed.`);
      secrets.set(development, key.secret);
    }
    return secrets;
  } catch (error) {
    if (error instanceof KeyStoreError) return unavailable(error.message);
    throw error;
  }
}

const unavailable = (why: string): Unavailable => ({ outcome: 'unavailable', of: 'keys', why });
