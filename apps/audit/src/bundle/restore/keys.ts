import { KeyLine } from '#bundle';
import { sha256 } from '#domain';
import { KeyStoreError, type KeyStore } from '#keys';
import type { KeysFound } from '../check/keys.js';
import { linesOf } from '../files.js';
import { keysIn } from '../key-source.js';

/** What is to be done to a key store so that it has the keys of a bundle. */
export interface KeyPlan {
  readonly adopt: ReadonlyMap<string, Uint8Array>;
  /** Noted as destroyed where the store has none: the words that they sealed are gone. */
  readonly gone: ReadonlySet<string>;
  /** Developments that were not taken down and whose words nobody can read any more: also those whose key the store has destroyed before. */
  readonly lost: readonly string[];
}

/** Of a bundle that was found whole. Changes nothing. Rejects with `key-differs` where the store has another key. */
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
 * No key that the store has is destroyed here, not even of what was taken down: the projector does that where its log says so.
 */
export async function applyKeys({ adopt, gone }: KeyPlan, store: Pick<KeyStore, 'adopt' | 'noteLost'>): Promise<void> {
  await store.adopt(adopt);
  await store.noteLost(gone);
}
