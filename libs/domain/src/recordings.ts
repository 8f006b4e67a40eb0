import { z } from 'zod';
import { BlobName } from './blob-name.js';

/** The types of recordings that are kept; the first of each container may hold a picture track. */
export const recordingTypes = ['video/mp4', 'video/webm', 'audio/mp4', 'audio/webm', 'audio/mpeg'] as const;
/** The type of captions. */
export const captionsType = 'text/vtt';
/** The largest recording in bytes: 200 MB. */
export const largestRecording = 200_000_000;
/** The longest recording in milliseconds: 6 hours. */
export const longestRecordingMs = 6 * 3_600_000;
/** The largest captions in bytes. */
export const largestCaptions = 500_000;
/** The longest side of a video in pixels. */
export const longestVideoSide = 8_192;

const secret = z.string().regex(/^[\w-]{22}$/, 'must be 16 bytes in base64url');
const side = z.int().min(1).max(longestVideoSide);

/**
 * What an event has to say of a recording so that its file can be found, opened and checked; see `KeptPicture`. `lasts` is in
 * milliseconds; the sides are those of a video, in pixels, as it is to be shown.
 */
export const KeptRecording = z
  .strictObject({
    secret,
    file: z.strictObject({
      name: BlobName,
      sha256: BlobName,
      type: z.enum(recordingTypes),
      size: z.int().min(1).max(largestRecording),
    }),
    lasts: z.int().min(1).max(longestRecordingMs),
    width: side.optional(),
    height: side.optional(),
  })
  .meta({ id: 'KeptRecording', description: 'The sealed file of a video or a sound, and the secret that opens it.' });
export type KeptRecording = z.infer<typeof KeptRecording>;

/** What an event has to say of captions (WebVTT). */
export const KeptCaptions = z
  .strictObject({
    secret,
    file: z.strictObject({
      name: BlobName,
      sha256: BlobName,
      type: z.literal(captionsType),
      size: z.int().min(1).max(largestCaptions),
    }),
  })
  .meta({ id: 'KeptCaptions', description: 'The sealed file of captions, and the secret that opens it.' });
export type KeptCaptions = z.infer<typeof KeptCaptions>;
