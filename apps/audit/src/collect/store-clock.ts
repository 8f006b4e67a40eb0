import type { BlobStore } from '#blobs';
import { once } from '#media';
import { createHash, randomBytes } from 'node:crypto';
import { CollectionRefused } from './refused.js';

/** The present time by the clock that dates the store's files: that of a file which is put and deleted again. Rejects with a BlobError. */
export async function clockOf(blobs: BlobStore): Promise<Date> {
  const bytes = randomBytes(32);
  const name = createHash('sha256').update(bytes).digest('hex');
  await blobs.put(name, bytes.length, once(bytes));
  try {
    const found = await blobs.stat(name);
    if (found) return found.put;
    throw new CollectionRefused('The blob store lost a file that was just put. Check BLOB_STORE, and run it again.');
  } finally {
    await blobs.delete(name);
  }
}
