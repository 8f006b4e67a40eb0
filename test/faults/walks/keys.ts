import type { Key, KeyStore } from '#keys';

/** A store of keys in memory, which all processes of a walk share. What it has done stays, whatever happens to them. */
export class WalkKeys implements KeyStore {
  readonly #keys = new Map<string, Key>();

  async keysOf(ids: Iterable<string>): Promise<ReadonlyMap<string, Key>> {
    return new Map([...ids].flatMap(id => (this.#keys.has(id) ? [[id, this.#keys.get(id)!] as const] : [])));
  }

  async keyFor(id: string, offered: Uint8Array = new Uint8Array(64)): Promise<Key> {
    const key = this.#keys.get(id) ?? { secret: offered };
    this.#keys.set(id, key);
    return key;
  }

  async destroy(ids: Iterable<string>): Promise<void> {
    for (const id of ids) this.#keys.set(id, { destroyed: '2026-01-01T00:00:00.000Z' });
  }

  adopt = async () => undefined;
  noteLost = async () => undefined;
  close = async () => undefined;
}
