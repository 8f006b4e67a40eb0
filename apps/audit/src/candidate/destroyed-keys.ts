import type { KeyStore } from '#keys';

/** A view of the store that remembers destructions itself: a key destroyed through it is missing in the view, and the store does not change. */
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
