/** What the store knows of a blob: its size in bytes, and when it was last put (by the store's clock). */
export interface BlobStat {
  readonly name: string;
  readonly size: number;
  readonly put: Date;
}

/** Blobs in the order of their names. `next` is there if more may follow: ask again with it as `after`. */
export interface BlobPage {
  readonly blobs: readonly BlobStat[];
  readonly next?: string;
}

/** Which blobs to list: those put before `olderThan`, with names greater than `after`. Default: all. */
export interface BlobsAsked {
  readonly olderThan?: Date;
  readonly after?: string;
}

/**
 * Stores bytes under the SHA-256 of the bytes as stored: 64 lower-case hexadecimal digits. What is sealed is named by its ciphertext, so
 * that the name can be in a public log and be checked without a key. A method rejects with a BlobError.
 */
export interface BlobStore {
  /**
   * Stores the bytes; all or nothing, durable once it resolves, and visible to every process. Rejects with `blob-differs`, and stores
   * nothing, if the bytes have another hash or size. Ends the iteration of `bytes` if it began one, also when it rejects. Idempotent: the
   * same blob again is only newer.
   */
  put(name: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The bytes, read when they are iterated. The iteration throws `blob-missing` if there is no such blob, and `blob-differs`, before the
   * last bytes, if the store changed or lost some. An iteration that ends early frees what it held.
   */
  get(name: string): AsyncIterable<Uint8Array>;
  /**
   * The bytes from `from` to `to`, which is the last of them, as an answer to a range needs them. Unlike those of `get` they are not
   * compared with the name, which says nothing of a part. The iteration throws `blob-missing`, or `blob-differs` if there are fewer.
   */
  slice(name: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Undefined if there is no such blob. */
  stat(name: string): Promise<BlobStat | undefined>;
  /** Durable once it resolves. Idempotent: a blob that is not there counts as deleted. */
  delete(name: string): Promise<void>;
  /** One page of blobs. A page looks at no more than `mostListed` names, so it may be empty and have a `next`. */
  list(asked?: BlobsAsked): Promise<BlobPage>;
  close(): Promise<void>;
}

/** The two parts of a store. `sealed` holds ciphertext; `public` holds what readers may see, in the clear. */
export type BlobArea = 'sealed' | 'public';

/** The largest blob in bytes: a video of 200 MB, and what sealing adds. */
export const largestBlob = 210_000_000;
/** How many names one page looks at. */
export const mostListed = 1_000;

/** Every way in which a blob store fails, and the remedy. */
export const blobErrors = {
  'blobs-unreachable':
    'The blob store is unreachable, full, or refused the request. Check BLOB_STORE, and for S3 BLOB_STORE_ENDPOINT and the credentials.',
  'blobs-exposed': 'All users of this machine can open the folder of blobs that BLOB_STORE names. Remove their access.',
  'blob-missing': 'The blob store has no such blob. Check that BLOB_STORE names the right store, or restore the blob.',
  'blob-differs':
    'The bytes do not have the SHA-256 that is the blob’s name, or the size. Send or restore the right bytes.',
  'blob-too-large': `A blob has at most ${largestBlob} bytes. Store a smaller file.`,
  'blob-name': 'The name of a blob is the SHA-256 of its bytes: 64 digits of 0-9 and a-f.',
} as const;
/** The code of an error of the blob store. */
export type BlobErrorCode = keyof typeof blobErrors;

/** The blob store failed; `code` says how. */
export class BlobError extends Error {
  constructor(
    readonly code: BlobErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ? `${blobErrors[code]} (${detail})` : blobErrors[code], options);
    this.name = 'BlobError';
  }
}

/** Turns what an adapter throws into a BlobError. */
export const unreachable = (error: unknown): BlobError =>
  error instanceof BlobError
    ? error
    : new BlobError('blobs-unreachable', (error as Error).message || (error as Error).name, { cause: error });
