import type { S3, S3ServiceException } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { checked, isBlobName, type BlobAdapter } from '../checked.js';
import { BlobError, unreachable, type BlobArea, type BlobStat, type BlobStore } from '../port.js';

/** A bucket, a prefix of its keys (empty, or with a slash at its end), and the server unless it is AWS. */
export interface Bucket {
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint?: string | undefined;
}

/** How long a connection, and the first byte of an answer, may take. */
const connectMs = 3_000;
const answerMs = 20_000;
/** How long nothing may arrive or leave within a request. */
const silenceMs = 20_000;
/** Tries of a request. A put is one try, because its bytes can be read only once. */
const tries = 3;
/**
 * Connections of a store: for reading bytes, which takes as long as the one who reads, and for all else, so that slow
 * readers do not keep uploads, questions and deletions waiting.
 */
const sockets = { reading: 600, other: 50 } as const;

const silent = () => undefined;

/** Loads the SDK too, which takes 40 ms: where blobs are in a folder, no process needs it. */
async function clientOf({ endpoint }: Bucket, maxSockets: number): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  return new sdk.S3({
    maxAttempts: tries,
    // We hash what we read, whatever the server says of it.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Every failure reaches the caller, so the SDK need not print it too.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: silenceMs,
      httpAgent: { maxSockets, keepAlive: true },
      httpsAgent: { maxSockets, keepAlive: true },
    },
    // Other servers than AWS seldom have a domain for each bucket, and ignore the region.
    ...(endpoint && { endpoint, forcePathStyle: true, region: process.env.AWS_REGION ?? 'us-east-1' }),
  });
}

/** Rejects with `blobs-unreachable` unless the bucket is there and may be used. Creating it is up to its owner. */
export async function checkBucket(at: Bucket): Promise<void> {
  const client = await clientOf(at, sockets.other);
  try {
    await client.headBucket({ Bucket: at.bucket });
  } catch (error) {
    throw unreachable(error);
  } finally {
    client.destroy();
  }
}

/** Stores blobs as objects of a bucket; the keys are `PREFIXsealed/NAME` and `PREFIXpublic/NAME`. */
export function bucketOfBlobs(at: Bucket, area: BlobArea): BlobStore {
  const opened: { -readonly [Use in keyof typeof sockets]?: Promise<S3> } = {};
  const client = (use: keyof typeof sockets = 'other') => (opened[use] ??= clientOf(at, sockets[use]));
  const folder = `${at.prefix}${area}/`;
  const of = (name: string) => ({ Bucket: at.bucket, Key: `${folder}${name}` });

  async function* get(name: string, Range?: string): AsyncGenerator<Uint8Array> {
    const s3 = await client('reading');
    const { Body } = await s3.getObject({ ...of(name), Range }).catch(error => {
      throw isMissing(error) ? new BlobError('blob-missing', name) : error;
    });
    const body = Body as Readable;
    try {
      yield* body as AsyncIterable<Uint8Array>;
    } finally {
      body.destroy();
    }
  }

  const adapter: BlobAdapter = {
    put: async (name, size, bytes) => {
      const ChecksumSHA256 = Buffer.from(name, 'hex').toString('base64');
      // The server hashes what arrives as well, and stores nothing if it differs.
      const body = Readable.from(bytes, { objectMode: false });
      const broken = new AbortController();
      body.on('error', error => broken.abort(error));
      const s3 = await client();
      const object = { ...of(name), Body: body, ContentLength: size, ChecksumSHA256 };
      try {
        await s3.putObject(object, { abortSignal: broken.signal });
      } catch (error) {
        // A request that we broke off fails as aborted; the reason says more.
        throw broken.signal.aborted ? broken.signal.reason : error;
      } finally {
        // A request that failed leaves the bytes that it did not take, and whatever they are read from, open.
        body.destroy();
      }
    },
    get,
    slice: (name, from, to) => get(name, `bytes=${from}-${to}`),
    stat: async name => {
      const s3 = await client();
      const found = await s3.headObject(of(name)).catch(unlessMissing);
      if (found) return { name, size: found.ContentLength!, put: found.LastModified! };
      // The answer to HEAD does not say whether the blob or the bucket is missing.
      await s3.headBucket({ Bucket: at.bucket });
      return undefined;
    },
    delete: async name => void (await (await client()).deleteObject(of(name)).catch(unlessMissing)),
    list: async (after, most) => {
      const s3 = await client();
      const blobs: BlobStat[] = [];
      let token: string | undefined;
      do {
        const asked = { Bucket: at.bucket, Prefix: folder, StartAfter: `${folder}${after}`, MaxKeys: most };
        const page = await s3.listObjectsV2({ ...asked, ContinuationToken: token });
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          const name = Key!.slice(folder.length);
          if (isBlobName(name)) blobs.push({ name, size: Size!, put: LastModified! });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined && blobs.length < most);
      return blobs.length < most ? { blobs } : { blobs: blobs.slice(0, most), next: blobs[most - 1]!.name };
    },
    close: async () => {
      for (const each of Object.values(opened)) (await each).destroy();
    },
  };
  return checked(adapter);
}

/** Servers name it differently, and HEAD has no body to name it in; but a bucket that is gone is not a missing blob. */
const isMissing = (error: unknown) =>
  error instanceof Error &&
  (error as Partial<S3ServiceException>).$metadata?.httpStatusCode === 404 &&
  error.name !== 'NoSuchBucket';

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}
