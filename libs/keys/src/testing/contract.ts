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

  test('keyFor creates a key of 64 random bytes on first use, and later returns the same key', async () => {
    expect(await store.keysOf([a])).toEqual(new Map());
    const key = await store.keyFor(a);
    expect('secret' in key && key.secret).toHaveLength(64);
    expect(await other.keyFor(a)).toEqual(key);
    expect(await other.keysOf([a, b])).toEqual(new Map([[a, key]]));
    expect(await store.keyFor(b)).not.toEqual(key);
  });

  test('keyFor keeps an offered secret only if the development has no key and none was destroyed', async () => {
    const [mine, late] = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
    const secretOf = (key: Key) => 'secret' in key && Buffer.from(key.secret);
    expect(secretOf(await store.keyFor(a, mine))).toEqual(Buffer.from(mine));
    expect(secretOf(await other.keyFor(a, late))).toEqual(Buffer.from(mine));
    await store.destroy([a]);
    expect(await store.keyFor(a, late)).toHaveProperty('destroyed');
  });

  test('concurrent first requests for a key all get the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).keyFor(a)));
    expect(new Set(keys.map(key => 'secret' in key && Buffer.from(key.secret).toString('hex'))).size).toBe(1);
  });

  test('concurrent requests for many developments get one key each, and a destroyed key stays destroyed', async () => {
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

  test('destroy erases the secret, records when, and no new key is created for the development', async () => {
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

  test('destroy changes nothing the second time; a development that never had a key counts as destroyed', async () => {
    await store.destroy([a, b, a]);
    const gone = await store.keysOf([a, b]);
    await other.destroy([b, a]);
    expect(await store.keysOf([a, b])).toEqual(gone);
    expect(gone.size).toBe(2);
    expect(await store.keyFor(a)).toEqual(gone.get(a));
  });

  test('noteLost marks developments without a key as destroyed, may be repeated, and keeps existing keys', async () => {
    const kept = await store.keyFor(a);
    await Promise.all([store.noteLost([a, b, b]), other.noteLost([b, a])]);
    const keys = await other.keysOf([a, b]);
    expect(keys.get(a)).toEqual(kept);
    expect(keys.get(b)).toEqual({ destroyed: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(await store.keyFor(b)).toEqual(keys.get(b));
    await store.noteLost([]);
  });

  test('adopt adds missing keys, may be repeated, restores no destroyed key, and refuses a differing one', async () => {
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

  test('an empty request succeeds', async () => {
    expect(await store.keysOf([])).toEqual(new Map());
    await store.destroy([]);
  });

  test('requests reject with an error that names KEY_STORE when the store is unavailable', async () => {
    await under.takeAway();
    const away = expect.objectContaining({ code: 'keys-unreachable', message: expect.stringContaining('KEY_STORE') });
    await expect(store.keysOf([a])).rejects.toEqual(away);
    await expect(store.keyFor(a)).rejects.toEqual(away);
    await expect(store.destroy([a])).rejects.toBeInstanceOf(KeyStoreError);
  });
}
