import type { BlobStore } from '#blobs';
import { publicFilesOf, type Kept, type SealedFile } from '#domain';
import { KeyStoreError, openFile } from '#keys';

/** The names under which readers get what was kept: each is the SHA-256 of the bytes that they get. */
export const publicNames = (kept: Kept): readonly string[] => publicFilesOf(kept).map(({ sha256 }) => sha256);

/** Copies the files that readers may get in the clear into the public part of the store, as they are read. Idempotent. */
export async function publishKept(sealed: BlobStore, open: BlobStore, kept: Kept): Promise<void> {
  const secret = Buffer.from(kept.secret, 'base64url');
  for (const file of publicFilesOf(kept))
    if (!(await open.stat(file.sha256))) await publish(sealed, open, secret, file);
}

/** Rejects with a BlobError, or with `sealed-unreadable` of a KeyStoreError; the public part then has nothing of the file. */
async function publish(sealed: BlobStore, open: BlobStore, secret: Uint8Array, file: SealedFile): Promise<void> {
  let unreadable: unknown;
  const bytes = async function* () {
    try {
      yield* openFile(secret, sealed.get(file.name));
    } catch (error) {
      if (error instanceof KeyStoreError) unreadable = error;
      throw error;
    }
  };
  // The store compares the bytes with the name and the size before it has the last of them.
  await open.put(file.sha256, file.size, bytes()).catch(error => {
    throw unreadable ?? error;
  });
}

/**
 * Deletes public files, but for those that `shown` still names: two developments may show the same picture, and then its renditions have
 * the same names. Durable once it resolves. Idempotent.
 */
export async function withdrawFiles(
  open: BlobStore,
  names: Iterable<string>,
  shown: ReadonlySet<string>,
): Promise<void> {
  for (const name of names) if (!shown.has(name)) await open.delete(name);
}
