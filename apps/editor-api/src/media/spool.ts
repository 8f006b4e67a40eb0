import { BlobError, type BlobStore } from '#blobs';
import { newFileSecret, openFile, sealFile } from '#keys';
import { once, whole } from '#media';
import { inMemory, isRecordingHead, pieceBytes, type Pieces } from '#recordings';
import { createHash } from 'node:crypto';

/** Stores a piece of a file that is coming, sealed. Answers its name in the sealed part of the store. */
export async function putPiece(blobs: BlobStore, secret: Uint8Array, bytes: Uint8Array): Promise<string> {
  const sealed = await whole(sealFile(secret, once(bytes)));
  const name = createHash('sha256').update(sealed).digest('hex');
  await blobs.put(name, sealed.length, once(sealed));
  return name;
}

/** A file whose pieces are in the store, in their order. */
export const storedPieces = (blobs: BlobStore, secret: Uint8Array, names: readonly string[], size: number): Pieces => ({
  size,
  async piece(number) {
    const piece = await whole(openFile(secret, blobs.get(names[number]!)), pieceBytes);
    const due = Math.min(pieceBytes, size - number * pieceBytes);
    if (piece.length !== due) throw new BlobError('blob-differs', 'a part of an upload has another size than it had');
    return piece;
  },
});

/**
 * Does something with a file that comes in one request. A picture is held in memory; the pieces of a recording lie sealed in the store
 * while `work` reads them, and are deleted afterwards. Those of a process that dies are deleted by `audit collect`, as no commit names them.
 */
export async function spooled<Done>(
  blobs: BlobStore,
  bytes: AsyncIterable<Buffer>,
  work: (file: Pieces) => Promise<Done>,
): Promise<Done> {
  const secret = newFileSecret();
  const names: string[] = [];
  const small: Buffer[] = [];
  let held: Buffer = Buffer.alloc(0);
  let isSmall: boolean | undefined;
  try {
    for await (const chunk of bytes) {
      if ((isSmall ??= !isRecordingHead(chunk))) {
        small.push(chunk);
        continue;
      }
      held = Buffer.concat([held, chunk]);
      for (; held.length > pieceBytes; held = held.subarray(pieceBytes))
        names.push(await putPiece(blobs, secret, held.subarray(0, pieceBytes)));
    }
    if (names.length === 0) return await work(inMemory(isSmall ? Buffer.concat(small) : held));
    const size = names.length * pieceBytes + held.length;
    names.push(await putPiece(blobs, secret, held));
    return await work(storedPieces(blobs, secret, names, size));
  } finally {
    await Promise.allSettled(names.map(name => blobs.delete(name)));
  }
}
