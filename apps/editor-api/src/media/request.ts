import { BlobError } from '#blobs';
import type { AnyUploaded } from '#contract';
import { largestRecording } from '#domain';
import { KeyStoreError } from '#keys';
import { largestPicture, PictureError, type Named, type PictureErrorCode } from '#pictures';
import { Problem, type Authenticated } from '#platform';
import { isRecordingHead, RecordingError, type RecordingErrorCode } from '#recordings';
import { Logger } from '@nestjs/common';
import { noKeys } from '../http/read.js';

const logger = new Logger('media');

const statusOf: Readonly<Record<PictureErrorCode, number>> = {
  'picture-empty': 422,
  'picture-too-large': 413,
  'picture-type': 415,
  'picture-heic': 415,
  'picture-misnamed': 415,
  'picture-mixed': 422,
  'picture-broken': 422,
  'picture-animated': 422,
  'picture-too-many-pixels': 422,
  'picture-too-long': 422,
  'picture-too-slow': 422,
  'picture-too-hungry': 422,
  'pictures-busy': 503,
};
const recordingStatus: Readonly<Partial<Record<RecordingErrorCode, number>>> = {
  'recording-too-large': 413,
  'captions-too-large': 413,
  'recording-type': 415,
  'recording-misnamed': 415,
  'recordings-busy': 503,
};

/** Turns a failure to keep a file into the problem to answer, and throws it. */
export function refusedFile(error: unknown): never {
  if (error instanceof PictureError) throw new Problem(statusOf[error.code], error.code, error.message);
  if (error instanceof RecordingError) throw new Problem(recordingStatus[error.code] ?? 422, error.code, error.message);
  if (error instanceof KeyStoreError) return noKeys(error);
  if (!(error instanceof BlobError)) throw error;
  logger.error({ why: error.message }, 'the blob store failed');
  throw new Problem(503, 'blobs-unavailable', 'The store of pictures does not answer. Try again in a minute.');
}

/** A limit of what a process does at once. */
export class Places {
  private taken = 0;

  constructor(
    private readonly most: number,
    private readonly what: string,
  ) {}

  /** Runs the work in one of the places. Rejects with a 503 if all are taken. */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.taken >= this.most)
      throw new Problem(
        503,
        'pictures-busy',
        `More than ${this.most} ${this.what} are being sent. Send it again in a minute.`,
      );
    this.taken += 1;
    try {
      return await work();
    } finally {
      this.taken -= 1;
    }
  }
}

export const noPictures = () =>
  new Problem(404, 'no-pictures', 'This newsroom keeps no pictures: its setting BLOB_STORE is missing.');

/** The name of what was kept. */
export const nameIn = (uploaded: AnyUploaded): string =>
  'picture' in uploaded ? uploaded.picture : 'recording' in uploaded ? uploaded.recording : uploaded.captions;

/** The name of the file, if the client gives one: a name and a type that contradict the content refuse the picture. */
export function namedIn({ headers }: Authenticated): Named {
  const name = /filename="([^"]{1,255})"/.exec(headers['content-disposition'] ?? '')?.[1];
  return { name, type: headers['content-type'] };
}

/** The body; no more than `most` bytes are read. `tooLarge` makes the error that is thrown beyond that. */
export async function bytesOf(
  request: Authenticated,
  most: number,
  tooLarge: (detail?: string) => Error,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(request, () => ({ most, tooLarge }))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** How much of a body is taken. */
interface Most {
  readonly most: number;
  tooLarge(detail?: string): Error;
}

const mostOf: Readonly<Record<'picture' | 'recording', Most>> = {
  picture: { most: largestPicture, tooLarge: detail => new PictureError('picture-too-large', detail) },
  recording: { most: largestRecording, tooLarge: detail => new RecordingError('recording-too-large', detail) },
};

/** The chunks of a file, as they come; its first bytes decide how much is taken. */
export const fileIn = (request: Authenticated): AsyncGenerator<Buffer> =>
  chunksOf(request, head => mostOf[isRecordingHead(head) ? 'recording' : 'picture']);

/** What the client says of the body's length, if it sends the body as it is. */
function lengthOf({ headers }: Authenticated): string | undefined {
  const { 'content-length': length, 'content-encoding': encoding } = headers;
  if (encoding !== undefined && encoding !== 'identity')
    throw new Problem(415, 'unsupported-encoding', 'Send the file as it is, without Content-Encoding.');
  return length;
}

async function* chunksOf(request: Authenticated, mostFor: (head: Buffer) => Most): AsyncGenerator<Buffer> {
  const length = lengthOf(request);
  let [size, limit, held]: [number, Most | undefined, Buffer] = [0, undefined, Buffer.alloc(0)];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      if (!limit && size < headBytes) continue;
      limit ??= mostFor(held);
      if (Number(length) > limit.most) throw limit.tooLarge(`this one has ${length} bytes`);
      if (size > limit.most) throw limit.tooLarge();
      yield held;
      held = Buffer.alloc(0);
    }
  } catch (error) {
    // Nobody reads the answer; the log must not say that something of ours failed.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
      throw new Problem(400, 'incomplete-body', 'The connection was cut before the whole body came. Send it again.');
    throw error;
  }
  if (held.length > 0) yield held;
}

/** How many bytes say whether a file is a picture. */
const headBytes = 16;
