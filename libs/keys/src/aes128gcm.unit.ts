import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bytesOfRecord, newFileSecret, openFile, sealedSize, sealFile } from './aes128gcm.js';

async function* inChunks(bytes: Uint8Array, ...sizes: number[]) {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, (at += size));
  }
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const unreadable = { code: 'sealed-unreadable' };
const content = bytesOfRecord - 17;

describe('the examples of RFC 8188', () => {
  const opens = async (secret: string, sealed: string) =>
    String(await all(openFile(Buffer.from(secret, 'base64url'), inChunks(Buffer.from(sealed, 'base64url')))));

  test('3.1: one record', async () => {
    const sealed = 'I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg';
    expect(await opens('yqdlZ-tYemfogSmv7Ws5PQ', sealed)).toBe('I am the walrus');
  });

  test('3.2: two records with padding, and a key id', async () => {
    const sealed = 'uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA';
    expect(await opens('BO3ZVPxUlnLORbVGMpbT1Q', sealed)).toBe('I am the walrus');
  });
});

test.each([0, 1, content - 1, content, content + 1, 3 * content, 1_000_000])(
  'a file of %d bytes is sealed and opened, however it comes in',
  async size => {
    const [secret, bytes] = [newFileSecret(), randomBytes(size)];
    for (const sizes of [[], [1_000], [65_536], [1, 70_000, 200_000]]) {
      const sealed = await all(sealFile(secret, inChunks(bytes, ...sizes)));
      expect(sealed).toHaveLength(sealedSize(size));
      expect((await all(openFile(secret, inChunks(sealed, ...sizes)))).equals(bytes)).toBe(true);
    }
  },
);

test('the same file sealed again differs, and is the same with the same salt', async () => {
  const [secret, bytes, salt] = [newFileSecret(), Buffer.from('words'), randomBytes(16)];
  const sealed = (own?: Buffer) => all(sealFile(secret, inChunks(bytes), own));
  expect(await sealed()).not.toEqual(await sealed());
  expect(await sealed(salt)).toEqual(await sealed(salt));
  expect((await sealed()).includes('words')).toBe(false);
});

test('another secret opens nothing', async () => {
  const sealed = await all(sealFile(newFileSecret(), inChunks(randomBytes(100))));
  await expect(all(openFile(newFileSecret(), inChunks(sealed)))).rejects.toMatchObject(unreadable);
});

test('a file that was cut anywhere, or has more bytes, is unreadable', async () => {
  const secret = newFileSecret();
  const sealed = await all(sealFile(secret, inChunks(randomBytes(2 * content + 5))));
  const record = (number: number) => 21 + number * bytesOfRecord;
  for (const end of [0, 1, 20, 21, 22, 37, 38, record(1), record(1) + 1, record(1) + 17, record(2), sealed.length - 1])
    await expect(all(openFile(secret, inChunks(sealed.subarray(0, end))))).rejects.toMatchObject(unreadable);
  const longer = Buffer.concat([sealed, Buffer.of(0)]);
  await expect(all(openFile(secret, inChunks(longer)))).rejects.toMatchObject(unreadable);
});

test('records in another order, twice or left out are unreadable', async () => {
  const secret = newFileSecret();
  const sealed = await all(sealFile(secret, inChunks(randomBytes(4 * content))));
  const [head, ...records] = [
    sealed.subarray(0, 21),
    ...[0, 1, 2, 3].map(at => sealed.subarray(21 + at * bytesOfRecord, 21 + (at + 1) * bytesOfRecord)),
  ];
  const orders = [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 1, 2, 3], [0, 2, 3], [3], [0, 1, 3]];
  expect((await all(openFile(secret, inChunks(Buffer.concat([head!, ...records]))))).length).toBe(4 * content);
  for (const order of orders) {
    const changed = Buffer.concat([head!, ...order.map(at => records[at]!)]);
    await expect(all(openFile(secret, inChunks(changed)))).rejects.toMatchObject(unreadable);
  }
});

test('a changed byte anywhere but in the length of the key id is unreadable', async () => {
  const secret = newFileSecret();
  const sealed = await all(sealFile(secret, inChunks(Buffer.from('a short file'))));
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(sealed);
      changed[at]! ^= change;
      // Records of another size leave a file of one record as it is.
      if (at >= 16 && at < 20) return;
      await expect(all(openFile(secret, inChunks(changed)))).rejects.toMatchObject(unreadable);
    }),
  );
});

test.each([0, 17, bytesOfRecord + 1, 0xffffffff])('a record size of %d is refused', async size => {
  const secret = newFileSecret();
  const sealed = await all(sealFile(secret, inChunks(Buffer.from('x'))));
  sealed.writeUInt32BE(size, 16);
  await expect(all(openFile(secret, inChunks(sealed)))).rejects.toMatchObject(unreadable);
});

test('a reading that ends early ends the reading of its source', async () => {
  const secret = newFileSecret();
  const sealed = await all(sealFile(secret, inChunks(randomBytes(500_000))));
  let isOver = false;
  async function* source() {
    try {
      yield* inChunks(sealed, 1_000);
    } finally {
      isOver = true;
    }
  }
  const reading = openFile(secret, source());
  await reading.next();
  await reading.return(undefined);
  expect(isOver).toBe(true);
});
