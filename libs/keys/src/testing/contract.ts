import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KeyStoreError, type Key, type KeyStore } from '../port.js';

/** An empty store for one test. */
export interface KeysUnderTest {
  /** The same store, opened as another process would. */
  open(): KeyStore;
  /** Makes the store unavailable from now on. */
  takeAway(): Promise<void>;
  /** All of the stored data as one text, to search it for a secret. */
  everything(): Promise<string>;
  close(): Promise<void>;
}

const [a, b] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];

/** The contract of the port, run by every adapter. */
export function keyStoreContract(openStore: () => Promise<KeysUnderTest>): void {
  let under: KeysUnderTest;
  let store: KeyStore;
  let other: KeyStore;

  beforeEach(async () => {
    under = await openStore();
    [store, other] = [under.open(), under.open()];
  });
  afterEach(async () => {
    await Promise.all([store.close(), other.close()]);
    await under.close();
  });

  test('creates a key of 64 random bytes on first use, and always returns it', async () => {
    expect(await store.keysOf([a])).toEqual(new Map());
    const key = await store.keyFor(a);
    expect('secret' in key && key.secret).toHaveLength(64);
    expect(await other.keyFor(a)).toEqual(key);
    expect(await other.keysOf([a, b])).toEqual(new Map([[a, key]]));
    expect(await store.keyFor(b)).not.toEqual(key);
  });

  test('keeps the secret that it is offered where it has none, and no other', async () => {
    const [mine, late] = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
    const secretOf = (key: Key) => 'secret' in key && Buffer.from(key.secret);
    expect(secretOf(await store.keyFor(a, mine))).toEqual(Buffer.from(mine));
    expect(secretOf(await other.keyFor(a, late))).toEqual(Buffer.from(mine));
    await store.destroy([a]);
    expect(await store.keyFor(a, late)).toHaveProperty('destroyed');
  });

  test('gives the same key to all who ask for a new one at once', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).keyFor(a)));
    expect(new Set(keys.map(key => 'secret' in key && Buffer.from(key.secret).toString('hex'))).size).toBe(1);
  });

  test('gives each of many developments one key of its own: the first that was offered, even to those who ask at once', async () => {
    const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const secret = (number: number) => new Uint8Array(64).fill(number);
    await store.keyFor(id(0), secret(100));
    await store.destroy([id(1)]);
    const asked = Array.from({ length: 60 }, (_, index) => index % 30);
    const keys = await Promise.all(
      asked.map((of, index) => (index % 3 ? store : other).keyFor(id(of), secret(of + 1))),
    );
    const found = keys.map(key => ('secret' in key ? key.secret[0] : 'destroyed'));
    expect(found).toEqual(asked.map(of => (of === 0 ? 100 : of === 1 ? 'destroyed' : of + 1)));
    expect((await other.keysOf(asked.map(id))).size).toBe(30);
  });

  test('keeps nothing of a key that it has destroyed, says when, and makes no other', async () => {
    const key = await store.keyFor(a);
    const kept = await store.keyFor(b);
    await other.destroy([a]);
    const gone = (await store.keysOf([a])).get(a);
    expect(gone).toEqual({ destroyed: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(await store.keyFor(a)).toEqual(gone);
    expect(await store.keysOf([b])).toEqual(new Map([[b, kept]]));
    const everything = await under.everything();
    const texts = ['hex', 'base64'].map(form => 'secret' in key && Buffer.from(key.secret).toString(form as 'hex'));
    for (const text of texts) expect(everything).not.toContain(text);
    expect(everything).toContain(a);
  });

  test('destroys again without a change, and what never had a key gets none', async () => {
    await store.destroy([a, b, a]);
    const gone = await store.keysOf([a, b]);
    await other.destroy([b, a]);
    expect(await store.keysOf([a, b])).toEqual(gone);
    expect(gone.size).toBe(2);
    expect(await store.keyFor(a)).toEqual(gone.get(a));
  });

  test('notes as lost what has no key, once and again, and leaves each key that is there', async () => {
    const kept = await store.keyFor(a);
    await Promise.all([store.noteLost([a, b, b]), other.noteLost([b, a])]);
    const keys = await other.keysOf([a, b]);
    expect(keys.get(a)).toEqual(kept);
    expect(keys.get(b)).toEqual({ destroyed: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(await store.keyFor(b)).toEqual(keys.get(b));
    await store.noteLost([]);
  });

  test('takes over keys from elsewhere, once and again, brings none back and changes none', async () => {
    const [kept, gone] = [await store.keyFor(a), await store.keyFor(b)];
    await store.destroy([b]);
    const c = '00000000-0000-4000-8000-00000000000c';
    const secret = (key: Key) => ('secret' in key ? key.secret : new Uint8Array());
    const all = new Map([
      [a, secret(kept)],
      [b, secret(gone)],
      [c, new Uint8Array(64).fill(7)],
    ]);
    for (const each of [store, other]) await each.adopt(all);
    const keys = await other.keysOf([a, b, c]);
    expect([keys.get(a), keys.get(c)]).toEqual([kept, { secret: Buffer.alloc(64, 7) }]);
    expect(keys.get(b)).toHaveProperty('destroyed');
    const differs = expect.objectContaining({ code: 'key-differs', message: expect.stringContaining(a) });
    await expect(store.adopt(new Map([[a, new Uint8Array(64)]]))).rejects.toEqual(differs);
    expect((await store.keysOf([a])).get(a)).toEqual(kept);
    await store.adopt(new Map());
  });

  test('needs no store for an empty request', async () => {
    expect(await store.keysOf([])).toEqual(new Map());
    await store.destroy([]);
  });

  test('rejects with advice when the store is unavailable', async () => {
    await under.takeAway();
    const away = expect.objectContaining({ code: 'keys-unreachable', message: expect.stringContaining('KEY_STORE') });
    await expect(store.keysOf([a])).rejects.toEqual(away);
    await expect(store.keyFor(a)).rejects.toEqual(away);
    await expect(store.destroy([a])).rejects.toBeInstanceOf(KeyStoreError);
  });
}
