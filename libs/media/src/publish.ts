import type { BlobStore } from '#blobs';
import type { KeptPicture } from '#domain';
import { once, openKept } from './keep.js';

/** The names under which readers get the renditions of a picture: each is the SHA-256 of the rendition. */
export const publicNames = ({ renditions }: KeptPicture): readonly string[] => renditions.map(({ sha256 }) => sha256);

/** Copies the renditions in the clear into the public part of the store; never the original. Idempotent. */
export async function publishPicture(sealed: BlobStore, open: BlobStore, picture: KeptPicture): Promise<void> {
  for (const file of picture.renditions) {
    if (await open.stat(file.sha256)) continue;
    const bytes = await openKept(sealed, picture, file);
    await open.put(file.sha256, bytes.length, once(bytes));
  }
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
