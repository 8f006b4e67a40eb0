import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { folderOfBlobs, prepareFolderOfBlobs } from './folder/store.js';
import { unreachable, type BlobArea, type BlobStore } from './port.js';
import { bucketOfBlobs, checkBucket, type Bucket } from './s3/store.js';

/** The settings of the blob store. */
export const blobSettings = {
  BLOB_STORE: z
    .url({ protocol: /^(file|s3)$/, error: 'must be a file:// URL of a folder, or s3://BUCKET or s3://BUCKET/PREFIX' })
    .refine(url => !url.startsWith('s3:') || bucketNamed(url), 'must name a bucket: s3://BUCKET or s3://BUCKET/PREFIX')
    .meta({
      description:
        'Store of pictures and other files: the file:// URL of a folder, or s3://BUCKET/PREFIX. For S3, region and credentials are those that the AWS SDK finds, such as AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    }),
  BLOB_STORE_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .optional()
    .meta({ description: 'Address of the S3 server that has the bucket of BLOB_STORE. Default: AWS.' }),
};

/** The settings of the blob store for an app that runs without one too: the newsroom then keeps no pictures. */
export const optionalBlobSettings = {
  ...blobSettings,
  BLOB_STORE: blobSettings.BLOB_STORE.optional().meta({
    description: `${blobSettings.BLOB_STORE.meta()!.description} Without it the newsroom takes no pictures.`,
  }),
};

/** The location of the blob store. */
export interface BlobSettings {
  readonly BLOB_STORE: string;
  readonly BLOB_STORE_ENDPOINT?: string | undefined;
}

const isFolder = ({ BLOB_STORE }: BlobSettings) => BLOB_STORE.startsWith('file:');
const bucketNamed = (url: string) => /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/.test(url);

function bucketOf({ BLOB_STORE, BLOB_STORE_ENDPOINT }: BlobSettings): Bucket {
  const { hostname, pathname } = new URL(BLOB_STORE);
  const prefix = pathname.split('/').filter(Boolean);
  return { bucket: hostname, prefix: prefix.map(part => `${part}/`).join(''), endpoint: BLOB_STORE_ENDPOINT };
}

/** The location of the blob store, for an app that runs without one too. */
export type OptionalBlobSettings = { readonly [Name in keyof BlobSettings]?: BlobSettings[Name] | undefined };

/**
 * Creates the folder, or checks that the bucket is there, which its owner creates. Processes that only read need not call it. Rejects
 * with a BlobError.
 */
export async function prepareBlobStore(settings: BlobSettings): Promise<void> {
  if (!isFolder(settings)) return checkBucket(bucketOf(settings));
  await prepareFolderOfBlobs(fileURLToPath(settings.BLOB_STORE)).catch(error => {
    throw unreachable(error);
  });
}

/** Opens one part of the store that the settings name; undefined if they name none. */
export const openOptionalBlobStore = (
  { BLOB_STORE, ...settings }: OptionalBlobSettings,
  area: BlobArea,
): BlobStore | undefined => (BLOB_STORE === undefined ? undefined : openBlobStore({ ...settings, BLOB_STORE }, area));

/** Opens one part of the store that the settings name. */
export function openBlobStore(settings: BlobSettings, area: BlobArea): BlobStore {
  return isFolder(settings)
    ? folderOfBlobs(fileURLToPath(settings.BLOB_STORE), area)
    : bucketOfBlobs(bucketOf(settings), area);
}
