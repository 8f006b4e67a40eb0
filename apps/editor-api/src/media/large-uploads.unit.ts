import { BlobError, type BlobStore } from '#blobs';
import { newFileSecret, sealUpload } from '#keys';
import { afterEach, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { LargeUploads } from './large-uploads.js';
import type { UploadRow, UploadStore } from './upload-store.js';

const of = { id: randomUUID(), person: 'ann', story: 'storm' };
const secret = randomBytes(64);
const sealed = sealUpload(secret, of.id, 'secrets', {
  secret: newFileSecret().toString('base64url'),
  sha256: 'a'.repeat(64),
});
const uploaded = {
  captions: 'b'.repeat(64),
  ticket: 't',
  expires: '2026-08-15T17:00:00.000Z',
  type: 'text/vtt',
  size: 9,
};

let uploads: LargeUploads | undefined;
afterEach(() => uploads?.close());

/** An upload whose parts another request deletes while this one reads them. */
function losingParts(answer: string | null) {
  let row: UploadRow = {
    ...{ id: of.id, size: 9, sealed, answer: null, expires: new Date() },
    parts: [{ number: 0, name: 'c'.repeat(64) }],
  };
  let ended = 0;
  const store = {
    find: async () => row,
    claim: async () => true,
    expire: async () => void (ended += 1),
    expired: async () => [],
    close: async () => undefined,
  };
  const get = () => {
    row = { ...row, answer };
    throw new BlobError('blob-missing');
  };
  uploads = new LargeUploads(store as Partial<UploadStore> as UploadStore, {
    secret: async () => secret,
    blobs: async () => ({ get }) as Partial<BlobStore> as BlobStore,
    keep: () => Promise.reject(new Error('must not be asked')),
  });
  return { uploads, ended: () => ended };
}

test('what another request has finished meanwhile is answered, and not ended', async () => {
  const { uploads, ended } = losingParts(sealUpload(secret, of.id, 'answer', uploaded));
  expect(await uploads.finish(of)).toEqual(uploaded);
  expect(ended()).toBe(0);
});

test('an upload whose parts are lost ends', async () => {
  const { uploads, ended } = losingParts(null);
  await expect(uploads.finish(of)).rejects.toMatchObject({ code: 'blob-missing' });
  expect(ended()).toBe(1);
});
