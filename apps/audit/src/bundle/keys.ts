import { KeyDigest, KeyLine } from '#bundle';
import type { KeyStore } from '#keys';
import { linesOf } from './check/files.js';
import type { KeySource } from './export.js';

const atOnce = 1_000;

/** The keys that a store still has. */
export const heldKeys =
  (store: Pick<KeyStore, 'keysOf'>): KeySource =>
  async developments => {
    const held = new Map<string, Uint8Array>();
    const ids = [...developments];
    for (let at = 0; at < ids.length; at += atOnce)
      for (const [development, key] of await store.keysOf(ids.slice(at, at + atOnce)))
        if ('secret' in key) held.set(development, key.secret);
    return held;
  };

/** Puts back the keys of a bundle that was found whole; those that were taken out of it since are gone for good. */
export async function restoreKeys(folder: string, store: Pick<KeyStore, 'adopt' | 'destroy'>): Promise<number> {
  const keys = new Map<string, Uint8Array>();
  for await (const line of linesOf(folder, 'keys.jsonl')) {
    const { development, key } = KeyLine.parse(JSON.parse(line));
    keys.set(development, Buffer.from(key, 'base64url'));
  }
  const removed: string[] = [];
  for await (const line of linesOf(folder, 'key-digests.jsonl')) {
    const { development } = KeyDigest.parse(JSON.parse(line));
    if (!keys.has(development)) removed.push(development);
  }
  await store.adopt(keys);
  await store.destroy(removed);
  return keys.size;
}
