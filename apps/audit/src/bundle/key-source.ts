import type { Key, Keys, KeyStore } from '#keys';

const atOnce = 1_000;

/** Looks up the keys of these developments. */
export type KeySource = (developments: ReadonlySet<string>) => Promise<Keys>;

/** A key source that asks a store in batches. */
export const keysIn =
  (store: Pick<KeyStore, 'keysOf'>): KeySource =>
  async developments => {
    const found = new Map<string, Key>();
    const ids = [...developments];
    for (let at = 0; at < ids.length; at += atOnce)
      for (const [development, key] of await store.keysOf(ids.slice(at, at + atOnce))) found.set(development, key);
    return found;
  };
