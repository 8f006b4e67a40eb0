import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlobError, largestBlob, mostListed, type BlobArea, type BlobStore } from '../port.js';

/** An empty store for one test. */
export interface BlobsUnderTest {
  /** The same store, opened as another process would. */
  open(area?: BlobArea): BlobStore;
  /** Writes other bytes in place of a stored blob's, behind the store's back. */
  spoil(name: string, bytes: Uint8Array): Promise<void>;
  /** Puts a file with this name among the sealed blobs that is not a blob. */
  intrude(name: string): Promise<void>;
  /** All stored bytes, also of half-written blobs, to search them for a text. */
  everything(): Promise<Buffer>;
  /** Makes the store unavailable from now on. */
  takeAway(): Promise<void>;
  close(): Promise<void>;
}

export const nameOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The contract of the port, run by every adapter. */
export function blobStoreContract(openStore: () => Promise<BlobsUnderTest>): void {
  let under: BlobsUnderTest;
  let store: BlobStore;
  let other: BlobStore;
  const opened: BlobStore[] = [];
  const open = (area?: BlobArea) => {
    const one = under.open(area);
    opened.push(one);
    return one;
  };
  const put = (bytes: Uint8Array, into = store) => into.put(nameOf(bytes), bytes.length, inChunks(bytes));

  beforeEach(async () => {
    under = await openStore();
    [store, other] = [open(), open()];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(one => one.close()));
    await under.close();
  });

  test.each([0, 1, 65_536, 65_537, 5_000_000])('gives back %d bytes as they were put', async size => {
    const bytes = randomBytes(size);
    await put(bytes);
    expect((await read(other.get(nameOf(bytes)))).equals(bytes)).toBe(true);
    const stat = await other.stat(nameOf(bytes));
    expect(stat).toEqual({ name: nameOf(bytes), size, put: expect.anything() });
    expect(Math.abs(stat!.put.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('a blob that is not there has no stat, and reading it is an error', async () => {
    const name = nameOf(Buffer.from('never put'));
    expect(await store.stat(name)).toBeUndefined();
    await expect(read(store.get(name))).rejects.toMatchObject({ code: 'blob-missing' });
  });

  test('gives the bytes of a range, and an error where there are none', async () => {
    const bytes = randomBytes(200_000);
    await put(bytes);
    const name = nameOf(bytes);
    for (const [from, to] of [
      [0, 0],
      [0, 199_999],
      [65_530, 131_080],
      [199_999, 199_999],
    ] as const)
      expect((await read(other.slice(name, from, to))).equals(bytes.subarray(from, to + 1))).toBe(true);
    await expect(read(store.slice(name, 199_999, 200_000))).rejects.toMatchObject({ code: 'blob-differs' });
    expect(() => store.slice(name, 2, 1)).toThrow(expect.objectContaining({ code: 'blob-differs' }));
    const none = nameOf(Buffer.from('never put'));
    await expect(read(store.slice(none, 0, 1))).rejects.toMatchObject({ code: 'blob-missing' });
  });

  test('the same blob may be put twice, and by two processes at once', async () => {
    const bytes = randomBytes(300_000);
    await Promise.all([put(bytes), put(bytes, other), put(bytes)]);
    await put(bytes);
    expect((await read(store.get(nameOf(bytes)))).equals(bytes)).toBe(true);
    expect((await store.list()).blobs).toHaveLength(1);
  });

  test('bytes with another hash, too few bytes or too many are refused, and nothing is kept', async () => {
    const bytes = Buffer.alloc(200_000, 'secret of the refused ');
    const name = nameOf(bytes);
    const differs = { code: 'blob-differs' };
    const wrong = Buffer.from(bytes);
    wrong[wrong.length - 1]! ^= 1;
    await expect(store.put(name, bytes.length, inChunks(wrong))).rejects.toMatchObject(differs);
    await expect(store.put(name, bytes.length, inChunks(bytes.subarray(1)))).rejects.toMatchObject(differs);
    await expect(store.put(name, bytes.length - 1, inChunks(bytes))).rejects.toMatchObject(differs);
    await expect(store.put(nameOf(Buffer.alloc(0)), 0, inChunks(bytes))).rejects.toMatchObject(differs);
    expect(await store.stat(name)).toBeUndefined();
    expect((await under.everything()).includes('refused')).toBe(false);
    await put(bytes);
    expect((await under.everything()).includes('refused')).toBe(true);
  });

  test('a source that fails leaves nothing', async () => {
    const bytes = Buffer.alloc(200_000, 'secret of the broken ');
    async function* broken() {
      yield bytes.subarray(0, 100_000);
      throw new Error('the upload was cut');
    }
    await expect(store.put(nameOf(bytes), bytes.length, broken())).rejects.toMatchObject({
      code: 'blobs-unreachable',
      message: expect.stringContaining('the upload was cut'),
    });
    expect(await store.stat(nameOf(bytes))).toBeUndefined();
    expect((await under.everything()).includes('broken')).toBe(false);
  });

  test('a failed put leaves the blob that was there', async () => {
    const bytes = randomBytes(100_000);
    await put(bytes);
    await expect(store.put(nameOf(bytes), bytes.length, inChunks(randomBytes(100_000)))).rejects.toThrow(BlobError);
    expect((await read(store.get(nameOf(bytes)))).equals(bytes)).toBe(true);
  });

  test.each(['', 'x', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, `${'a'.repeat(64)}\n`, 'a'.repeat(65)])(
    'refuses the name %j everywhere',
    async name => {
      const refused = { code: 'blob-name' };
      await expect(store.put(name, 1, inChunks(Buffer.alloc(1)))).rejects.toMatchObject(refused);
      await expect(store.stat(name)).rejects.toMatchObject(refused);
      await expect(store.delete(name)).rejects.toMatchObject(refused);
      expect(() => store.get(name)).toThrow(expect.objectContaining(refused));
      if (name !== '') await expect(store.list({ after: name })).rejects.toMatchObject(refused);
    },
  );

  test.each([largestBlob + 1, -1, 0.5, Number.NaN])('refuses a size of %d bytes without reading any', async size => {
    const bytes = inChunks(randomBytes(10));
    await expect(store.put(nameOf(randomBytes(1)), size, bytes)).rejects.toMatchObject({ code: 'blob-too-large' });
    expect((await bytes.next()).done).toBe(false);
  });

  test('accepts the largest size, and then expects as many bytes', async () => {
    const bytes = randomBytes(10);
    const putting = store.put(nameOf(bytes), largestBlob, inChunks(bytes));
    await expect(putting).rejects.toMatchObject({ code: 'blob-differs' });
  });

  test('a stored blob that changed, was cut or has more bytes fails before its last bytes', async () => {
    const bytes = randomBytes(200_000);
    const name = nameOf(bytes);
    await put(bytes);
    for (const now of [
      Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.of(0)]),
    ]) {
      await under.spoil(name, now);
      let seen = 0;
      const reading = (async () => {
        for await (const chunk of other.get(name)) seen += chunk.length;
      })();
      // Prints the message of another error, which says what the server did.
      await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'blob-differs' }));
      expect(seen).toBeLessThan(now.length);
    }
  });

  test('readings that end early hold nothing: a hundred of them, and then a whole one', async () => {
    const bytes = randomBytes(1_000_000);
    await put(bytes);
    for (let time = 0; time < 100; time++) {
      const chunks = store.get(nameOf(bytes))[Symbol.asyncIterator]();
      expect((await chunks.next()).done).toBe(false);
      await chunks.return?.();
    }
    expect((await read(store.get(nameOf(bytes)))).equals(bytes)).toBe(true);
  });

  test('delete removes the bytes, and may be repeated', async () => {
    const bytes = Buffer.from('words of the deleted');
    await put(bytes);
    await other.delete(nameOf(bytes));
    expect(await store.stat(nameOf(bytes))).toBeUndefined();
    expect((await under.everything()).includes('deleted')).toBe(false);
    await store.delete(nameOf(bytes));
    await put(bytes);
    expect(await read(other.get(nameOf(bytes)))).toEqual(bytes);
  });

  test('the sealed and the public part know nothing of each other', async () => {
    const bytes = randomBytes(10);
    const open_ = open('public');
    await put(bytes, open_);
    expect(await store.stat(nameOf(bytes))).toBeUndefined();
    expect((await store.list()).blobs).toEqual([]);
    await store.delete(nameOf(bytes));
    expect(await read(open_.get(nameOf(bytes)))).toEqual(bytes);
  });

  test('list names all blobs in order and nothing else; after and olderThan narrow it', async () => {
    const all = Array.from({ length: 12 }, (_, index) => Buffer.from(`blob ${index}`));
    for (const bytes of all.slice(0, 8)) await put(bytes);
    // Servers keep times in whole seconds.
    await sleep(1_100);
    const since = new Date();
    await sleep(1_100);
    for (const bytes of all.slice(8)) await put(bytes);
    await put(all[0]!);
    await under.intrude('not-a-blob');
    const names = all.map(nameOf).sort();
    const listed = await other.list();
    expect(listed.blobs.map(({ name }) => name)).toEqual(names);
    expect(listed.next).toBeUndefined();
    const rest = await other.list({ after: names[4]! });
    expect(rest.blobs.map(({ name }) => name)).toEqual(names.slice(5));
    const old = await other.list({ olderThan: since });
    // The first was put again, so it is new.
    expect(old.blobs.map(({ name }) => name)).toEqual(all.slice(1, 8).map(nameOf).sort());
  });

  test('a page has at most 1,000 blobs, and next leads to the others', async () => {
    const all = Array.from({ length: mostListed + 1 }, (_, index) => Buffer.from(`number ${index}`));
    for (let at = 0; at < all.length; at += 20) await Promise.all(all.slice(at, at + 20).map(bytes => put(bytes)));
    const names = all.map(nameOf).sort();
    const first = await store.list();
    expect(first).toMatchObject({ next: names[mostListed - 1]! });
    expect(first.blobs.map(({ name }) => name)).toEqual(names.slice(0, mostListed));
    const last = await store.list({ after: first.next! });
    expect(last.blobs.map(({ name }) => name)).toEqual(names.slice(mostListed));
    expect(last.next).toBeUndefined();
  });

  test('requests reject with an error that names BLOB_STORE when the store is unavailable', async () => {
    const bytes = randomBytes(10);
    await put(bytes);
    await under.takeAway();
    const away = { code: 'blobs-unreachable', message: expect.stringContaining('BLOB_STORE') };
    await expect(put(bytes)).rejects.toMatchObject(away);
    await expect(store.stat(nameOf(bytes))).rejects.toMatchObject(away);
    await expect(store.delete(nameOf(bytes))).rejects.toMatchObject(away);
    await expect(store.list()).rejects.toMatchObject(away);
    await expect(read(store.get(nameOf(bytes)))).rejects.toBeInstanceOf(BlobError);
  });
}
