import { KeyLine } from '#bundle';
import { sha256 } from '#domain';
import { KeyStoreError, type KeyStore } from '#keys';
import type { KeysFound } from '../check/keys.js';
import { linesOf } from '../files.js';
import { keysIn } from '../key-source.js';

/** The changes that give a key store the keys of a bundle. */
export interface KeyPlan {
  readonly adopt: ReadonlyMap<string, Uint8Array>;
  /** Keys recorded as destroyed where the store has none: their content is lost. */
  readonly gone: ReadonlySet<string>;
  /**
   * Developments without a takedown whose content nobody can read any more, including those whose key the store destroyed
   * earlier.
   */
  readonly lost: readonly string[];
}

/**
 * Plans the changes for a bundle that was found unaltered. Changes nothing. Rejects with `key-differs` if the store has
 * another key.
 */
export async function keyPlan(
  folder: string,
  found: Pick<KeysFound, 'gone'>,
  takenDown: ReadonlySet<string>,
  store: Pick<KeyStore, 'keysOf'>,
): Promise<KeyPlan> {
  const adopt = new Map<string, Uint8Array>();
  for await (const line of linesOf(folder, 'keys.jsonl')) {
    const { development, key } = KeyLine.parse(JSON.parse(line));
    if (!takenDown.has(development)) adopt.set(development, Buffer.from(key, 'base64url'));
  }
  const lost = [...found.gone].filter(development => !takenDown.has(development));
  for (const [development, key] of await keysIn(store)(new Set(adopt.keys())))
    if ('destroyed' in key) lost.push(development);
    else if (sha256(key.secret) !== sha256(adopt.get(development)!))
      throw new KeyStoreError('key-differs', development);
  return { adopt, gone: new Set([...found.gone, ...takenDown]), lost };
}

/**
 * Destroys no key that the store has, not even of a taken-down development: the projector does that when it reads the
 * takedown.
 */
export async function applyKeys({ adopt, gone }: KeyPlan, store: Pick<KeyStore, 'adopt' | 'noteLost'>): Promise<void> {
  await store.adopt(adopt);
  await store.noteLost(gone);
}
