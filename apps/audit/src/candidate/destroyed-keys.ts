import type { KeyStore } from '#keys';

/** The store as it would be if what is destroyed by this had been: nothing is changed in the store itself. */
export function withDestroyedKeys(store: KeyStore): KeyStore {
  const gone = new Map<string, string>();
  const keysOf: KeyStore['keysOf'] = async developments => {
    const ids = [...developments];
    const keys = new Map(await store.keysOf(ids));
    for (const id of ids) {
      const destroyed = gone.get(id);
      if (destroyed !== undefined) keys.set(id, { destroyed });
    }
    return keys;
  };
  return {
    ...store,
    keysOf,
    destroy: async developments => {
      for (const id of developments) gone.set(id, new Date().toISOString());
    },
  };
}
