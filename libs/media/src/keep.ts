import { createHash } from 'node:crypto';
import { BlobError, type BlobStore } from '#blobs';
import type { Kept, KeptFile, KeptPicture, SealedFile } from '#domain';
import { newFileSecret, openFile, sealedSize, sealFile } from '#keys';
import type { Named, Offered, Picture, Pictures, Rendition } from '#pictures';

/**
 * Judges a picture and stores its original and its renditions, each sealed. Rejects with a PictureError or a BlobError, and then nothing
 * of it stays in the store, unless the store cannot be reached for deleting it either: `audit collect` does so later. Of the
 * renditions, those wider than `widest` are left out.
 */
export async function keepPicture(
  store: BlobStore,
  pictures: Pictures,
  bytes: Buffer,
  named: Named = {},
  widest = Infinity,
): Promise<{ readonly picture: KeptPicture; readonly offered: Offered }> {
  const judged = await pictures.take(bytes, named);
  const secret = newFileSecret();
  const kept: KeptFile[] = [];
  try {
    for (const file of filesOf(judged, bytes, widest)) kept.push(await keep(store, secret, file));
  } catch (error) {
    await Promise.allSettled(kept.map(({ name }) => store.delete(name)));
    throw error;
  }
  const [original, ...renditions] = kept;
  const { colour, credentials } = judged;
  const found = { colour, original: original!, renditions, ...(credentials && { credentials }) };
  const picture: KeptPicture = { secret: secret.toString('base64url'), ...found };
  return { picture, offered: judged.offered };
}

type File = Omit<Rendition, 'type'> & { readonly type: string };

function filesOf({ type, width, height, renditions }: Picture, bytes: Buffer, widest: number): readonly File[] {
  const narrowest = Math.min(...renditions.map(each => each.width));
  const kept = renditions.filter(each => each.width <= Math.max(widest, narrowest));
  return [{ type, width, height, bytes }, ...kept];
}

async function keep(store: BlobStore, secret: Buffer, { bytes, ...rest }: File): Promise<KeptFile> {
  const sealed = await whole(sealFile(secret, once(bytes)));
  const name = sha256(sealed);
  await store.put(name, sealed.length, once(sealed));
  return { name, sha256: sha256(bytes), ...rest, size: bytes.length };
}

/**
 * The bytes of a file, opened and compared with what the event says of it. Rejects with a BlobError, or with `sealed-unreadable` of a
 * KeyStoreError, if the secret or the file is not the right one.
 */
export async function openKept(store: BlobStore, { secret }: Kept, file: SealedFile): Promise<Buffer> {
  const bytes = await whole(openFile(Buffer.from(secret, 'base64url'), store.get(file.name)), sealedSize(file.size));
  if (bytes.length !== file.size || sha256(bytes) !== file.sha256) throw differs(file);
  return bytes;
}

/** The bytes as one chunk. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The chunks together. Reads no further than one chunk beyond `most` bytes: what is larger is not what it should be. */
export async function whole(bytes: AsyncIterable<Buffer>, most = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > most) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const differs = ({ name }: SealedFile) =>
  new BlobError('blob-differs', `${name}: once opened, it is not the file that its event names`);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
