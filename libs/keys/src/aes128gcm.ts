import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { KeyStoreError } from './port.js';

// RFC 8188, "Encrypted Content-Encoding for HTTP": a salt, the size of a record, and records that are encrypted and authenticated one
// by one. The last is marked, so that a file which was cut shows it.

const cipher = 'aes-128-gcm';
const saltBytes = 16;
const headBytes = saltBytes + 5;
const tagBytes = 16;
/** Bytes of an encrypted record as we write it, and the most of one that we read. */
export const bytesOfRecord = 65_536;
/** What a record holds besides content: the mark that ends the content, and the tag. */
const besides = 1 + tagBytes;
const smallestRecord = besides + 1;
const [marksMore, marksLast] = [1, 2];

/** A random secret, for one file or for the files of one picture: each has its own salt. */
export const newFileSecret = (): Buffer => randomBytes(16);

/** How many bytes a file of this size has once it is sealed. */
export function sealedSize(size: number): number {
  const records = Math.max(1, Math.ceil(size / (bytesOfRecord - besides)));
  return headBytes + size + records * besides;
}

/** Encrypts a file as it is read. The result differs each time, unless the same `salt` of 16 bytes is given. */
export async function* sealFile(
  secret: Uint8Array,
  bytes: AsyncIterable<Uint8Array>,
  salt: Uint8Array = randomBytes(saltBytes),
): AsyncGenerator<Buffer> {
  const head = Buffer.alloc(headBytes);
  head.set(salt);
  head.writeUInt32BE(bytesOfRecord, saltBytes);
  yield head;
  const keys = keysOf(secret, salt);
  let number = 0;
  for await (const { content, isLast } of records(bytes, bytesOfRecord - besides)) {
    const encryption = createCipheriv(cipher, keys.key, keys.nonce(number++));
    const mark = Buffer.of(isLast ? marksLast : marksMore);
    yield Buffer.concat([
      encryption.update(content),
      encryption.update(mark),
      encryption.final(),
      encryption.getAuthTag(),
    ]);
  }
}

/**
 * Decrypts a file as it is read, each record once it is proven. Throws `sealed-unreadable` if the secret is another, or if bytes were
 * changed, moved, added or cut.
 */
export async function* openFile(secret: Uint8Array, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = sealed[Symbol.asyncIterator]();
  try {
    const { head, keyId, rest } = await headOf(source);
    const size = head.readUInt32BE(saltBytes);
    if (size < smallestRecord || size > bytesOfRecord) throw unreadable('the size of its records');
    const keys = keysOf(secret, head.subarray(0, saltBytes));
    let number = 0;
    for await (const { content, isLast } of records(chained(rest.subarray(keyId), source), size)) {
      if (content.length < besides) throw unreadable('it is cut');
      yield opened(content, keys.key, keys.nonce(number++), isLast);
    }
  } finally {
    await source.return?.();
  }
}

function opened(record: Buffer, key: Buffer, nonce: Buffer, isLast: boolean): Buffer {
  const decryption = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAuthTag(
    record.subarray(-tagBytes),
  );
  let content: Buffer;
  try {
    content = Buffer.concat([decryption.update(record.subarray(0, -tagBytes)), decryption.final()]);
  } catch {
    throw unreadable('a record');
  }
  // Zeros may follow the mark, to hide the length.
  let end = content.length - 1;
  while (end >= 0 && content[end] === 0) end -= 1;
  if (content[end] !== (isLast ? marksLast : marksMore)) throw unreadable('it is cut, or has more records');
  return content.subarray(0, end);
}

function keysOf(secret: Uint8Array, salt: Uint8Array) {
  const derived = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${info}\0`, length));
  const base = derived('nonce', 12);
  const nonce = (number: number) => {
    const own = Buffer.from(base);
    // The number of the record, in its last bytes.
    for (let at = 0, rest = number; rest > 0; at++, rest = Math.floor(rest / 256)) own[11 - at]! ^= rest % 256;
    return own;
  };
  return { key: derived('aes128gcm', 16), nonce };
}

/** Cuts what comes into records of `size` bytes; the last may be shorter, and an empty file is one empty record. */
async function* records(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ content: Buffer; isLast: boolean }> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    length += chunk.length;
    if (length <= size) continue;
    // One byte more than a record is needed to know that it is not the last.
    let whole = Buffer.concat(held);
    for (; whole.length > size; whole = whole.subarray(size)) yield { content: whole.subarray(0, size), isLast: false };
    held = [Buffer.from(whole)];
    length = whole.length;
  }
  yield { content: Buffer.concat(held), isLast: true };
}

async function headOf(source: AsyncIterator<Uint8Array>) {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const keyId = bytes.length >= headBytes ? bytes[headBytes - 1]! : 0;
    if (bytes.length >= headBytes + keyId) return { head: bytes, keyId, rest: bytes.subarray(headBytes) };
    const { done, value } = await source.next();
    if (done) throw unreadable('it is cut');
    bytes = Buffer.concat([bytes, value]);
  }
}

async function* chained(first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

const unreadable = (what: string) => new KeyStoreError('sealed-unreadable', `a file: ${what}`);
