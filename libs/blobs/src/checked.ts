import { createHash } from 'node:crypto';
import {
  BlobError,
  largestBlob,
  mostListed,
  unreachable,
  type BlobPage,
  type BlobStat,
  type BlobStore,
} from './port.js';

/** Where the bytes are: a folder or a bucket. It may throw any error; names and sizes are checked before it is asked. */
export interface BlobAdapter {
  /** Stores exactly `size` bytes or, if `bytes` throws, nothing. */
  put(name: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Throws `blob-missing`. */
  get(name: string): AsyncIterable<Uint8Array>;
  /** At most the bytes from `from` to `to`, which is the last. Throws `blob-missing`. */
  slice(name: string, from: number, to: number): AsyncIterable<Uint8Array>;
  stat(name: string): Promise<BlobStat | undefined>;
  delete(name: string): Promise<void>;
  /**
   * Blobs of any age, in the order of their names, greater than `after`. It looks at no more than `most` names. `next`, the last of them, is
   * there where it looked at that many.
   */
  list(after: string, most: number): Promise<BlobPage>;
  close(): Promise<void>;
}

const isName = (text: string) => /^[0-9a-f]{64}$/.test(text);

/** Whether a text can be the name of a blob. */
export const isBlobName = isName;

/** A store that believes neither its callers nor its adapter: it checks each name, and hashes all bytes that go in or come out. */
export function checked(adapter: BlobAdapter): BlobStore {
  return {
    put: async (name, size, bytes) => {
      checkName(name);
      if (!Number.isSafeInteger(size) || size < 0 || size > largestBlob)
        throw new BlobError('blob-too-large', `this one has ${size}`);
      await asked(() => adapter.put(name, size, matching(name, size, bytes)));
    },
    get: name => {
      checkName(name);
      return matching(name, undefined, adapter.get(name));
    },
    slice: (name, from, to) => {
      checkName(name);
      if (!Number.isSafeInteger(from) || from < 0 || !Number.isSafeInteger(to) || to < from)
        throw new BlobError('blob-differs', `bytes ${from} to ${to} of ${name}`);
      return counted(name, to + 1 - from, adapter.slice(name, from, to));
    },
    stat: async name => asked(() => adapter.stat(checkName(name))),
    delete: async name => asked(() => adapter.delete(checkName(name))),
    list: async ({ olderThan, after = '' } = {}): Promise<BlobPage> => {
      if (after !== '') checkName(after);
      const page = await asked(() => adapter.list(after, mostListed));
      return { ...page, blobs: page.blobs.filter(({ put }) => !olderThan || put < olderThan) };
    },
    close: () => adapter.close(),
  };
}

function checkName(name: string): string {
  // A name may come from a log or a URL, and an adapter makes a path of it.
  if (!isName(name)) throw new BlobError('blob-name');
  return name;
}

/**
 * Passes the bytes on, always one chunk behind, so that wrong bytes are noticed before the last chunk: the receiver never has
 * them all.
 */
async function* matching(
  name: string,
  size: number | undefined,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const most = size ?? largestBlob;
  let length = 0;
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of bytes) {
      if (chunk.length === 0) continue;
      length += chunk.length;
      if (length > most) throw new BlobError('blob-differs', `more than ${most} bytes`);
      hash.update(chunk);
      if (held) yield held;
      held = chunk;
    }
  } catch (error) {
    throw unreachable(error);
  }
  if (size !== undefined && length !== size) throw new BlobError('blob-differs', `${length} bytes of ${size}`);
  const found = hash.digest('hex');
  if (found !== name) throw new BlobError('blob-differs', `${name}: the bytes have ${found}`);
  if (held) yield held;
}

/** Passes on exactly `size` bytes. */
async function* counted(name: string, size: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of bytes) {
      length += chunk.length;
      if (length > size) break;
      yield chunk;
    }
  } catch (error) {
    throw unreachable(error);
  }
  if (length !== size) throw new BlobError('blob-differs', `${name}: not ${size} bytes where they should be`);
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unreachable(error);
  }
}
