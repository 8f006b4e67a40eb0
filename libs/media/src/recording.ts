import type { BlobStore } from '#blobs';
import type { KeptCaptions, KeptRecording } from '#domain';
import { newFileSecret, sealFile } from '#keys';
import { bytesIn, inMemory, patched, type Pieces, type Recordings } from '#recordings';
import { createHash, randomBytes } from 'node:crypto';

/**
 * Judges a recording or captions and stores it sealed, piece by piece: it is never whole in memory. Rejects with a RecordingError or a
 * BlobError, and then nothing of it stays in the store.
 */
export async function keepRecording(
  store: BlobStore,
  recordings: Recordings,
  file: Pieces,
  named: Parameters<Recordings['judge']>[1] = {},
): Promise<KeptRecording | KeptCaptions> {
  const judged = await recordings.judge(file, named);
  if ('captions' in judged) {
    const { secret, ...kept } = await keepPieces(store, inMemory(Buffer.from(judged.captions)));
    return { secret, file: { ...kept, type: 'text/vtt' } };
  }
  const { type, patches, ...rest } = judged;
  const { secret, ...kept } = await keepPieces(store, patched(file, patches));
  return { secret, file: { ...kept, type }, ...rest };
}

async function keepPieces(store: BlobStore, file: Pieces) {
  const secret = newFileSecret();
  // The store has to know the name before the first byte, so the file is sealed twice, each time to the same bytes.
  const salt = randomBytes(16);
  const [plain, sealed] = [createHash('sha256'), createHash('sha256')];
  let length = 0;
  const counted = async function* () {
    for await (const bytes of bytesIn(file)) {
      plain.update(bytes);
      yield bytes;
    }
  };
  for await (const bytes of sealFile(secret, counted(), salt)) {
    sealed.update(bytes);
    length += bytes.length;
  }
  const name = sealed.digest('hex');
  await store.put(name, length, sealFile(secret, bytesIn(file), salt));
  return { secret: secret.toString('base64url'), name, sha256: plain.digest('hex'), size: file.size };
}
