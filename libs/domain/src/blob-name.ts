import { z } from 'zod';

/** The name of a file in the blob store: the SHA-256 of its stored bytes, in hex. */
export const BlobName = z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of a file, in hex');
