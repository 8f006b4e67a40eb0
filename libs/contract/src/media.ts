import { BlobName, captionsType, Credentials, mediaBounds, recordingTypes } from '#domain';
import { z } from 'zod';

const text = (most: number) =>
  z
    .string()
    .max(3 * most)
    .optional();
const side = z.int().min(1);
const ticketed = {
  ticket: z.string().meta({ description: 'Shows it in this story: send it with its name.' }),
  expires: z.iso.datetime().meta({ description: 'Until when the ticket holds.' }),
};

/** The editor API's answer to the upload of a picture. */
export const Uploaded = z
  .object({
    picture: BlobName.meta({ description: 'The picture’s name, for `media` of a content.' }),
    ticket: z.string().meta({ description: 'Shows the picture in this story: send it with the picture’s name.' }),
    expires: z.iso.datetime().meta({ description: 'Until when the ticket holds.' }),
    type: z.string().meta({ description: 'The media type, by what the file holds.' }),
    width: side.meta({ description: 'In pixels, upright.' }),
    height: side,
    colour: z.string().meta({ description: 'Its average colour, #rrggbb.' }),
    offered: z
      .object({
        caption: text(mediaBounds.caption),
        alt: text(mediaBounds.alt),
        credit: text(mediaBounds.credit),
        rights: text(mediaBounds.rights),
        taken: z
          .string()
          .optional()
          .meta({ description: 'When it was taken, as the camera says; perhaps without a zone.' }),
      })
      .meta({ description: 'What the file says of itself. Nobody has checked it.' }),
    credentials: Credentials.optional(),
  })
  .meta({ id: 'Uploaded', description: 'A picture that was kept, and the ticket with which a post shows it.' });
export type Uploaded = z.infer<typeof Uploaded>;

/** The editor API's answer to the upload of a video or a sound. */
export const UploadedRecording = z
  .object({
    recording: BlobName.meta({ description: 'The recording’s name, for `recording` of a picture in a content.' }),
    ...ticketed,
    type: z.enum(recordingTypes).meta({ description: 'The media type, by what the file holds.' }),
    size: z.int().meta({ description: 'In bytes.' }),
    lasts: z.int().meta({ description: 'In milliseconds.' }),
    width: side.optional().meta({ description: 'Of a video, in pixels, as it is shown.' }),
    height: side.optional(),
  })
  .meta({ id: 'UploadedRecording', description: 'A video or a sound that was kept as it is, without its metadata.' });
export type UploadedRecording = z.infer<typeof UploadedRecording>;

/** The editor API's answer to the upload of captions. */
export const UploadedCaptions = z
  .object({
    captions: BlobName.meta({ description: 'The captions’ name, for `captions` of a picture in a content.' }),
    ...ticketed,
    type: z.literal(captionsType),
    size: z.int().meta({ description: 'In bytes.' }),
  })
  .meta({ id: 'UploadedCaptions', description: 'Captions that were kept: their times and words.' });
export type UploadedCaptions = z.infer<typeof UploadedCaptions>;

/** The editor API's answer to any upload: what the file holds decides. */
export const AnyUploaded = z
  .union([Uploaded, UploadedRecording, UploadedCaptions])
  .meta({ id: 'AnyUploaded', description: 'What was kept: a picture, a recording, or captions.' });
export type AnyUploaded = z.infer<typeof AnyUploaded>;

/** The size of each part of an upload in bytes, but for the last: what a slow phone sends well within a request's time. */
export const partBytes = 524_288;

/** The body that begins an upload in parts. */
export const NewUpload = z
  .strictObject({
    size: z.int().min(1).max(2_147_483_647).meta({ description: 'Of the whole file, in bytes.' }),
    sha256: BlobName.meta({ description: 'Of the whole file. The same file again continues the unfinished upload.' }),
    type: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'The media type; another than the content’s is refused.' }),
    name: z
      .string()
      .max(255)
      .optional()
      .meta({ description: 'The file’s name; an extension of another type is refused.' }),
  })
  .meta({ id: 'NewUpload', description: 'A file that will come in parts.' });
export type NewUpload = z.infer<typeof NewUpload>;

/** The editor API's answer to an upload's begin and to each part. */
export const OpenUpload = z
  .object({
    upload: z.uuid(),
    partBytes: z.int().meta({ description: 'The size of each part but the last, which has the rest.' }),
    missing: z.array(z.int()).meta({ description: 'The numbers of the parts that are still to be sent, from 0.' }),
    expires: z.iso.datetime().meta({ description: 'Until when the upload must be finished.' }),
  })
  .meta({ id: 'OpenUpload', description: 'An upload in parts that is not finished.' });
export type OpenUpload = z.infer<typeof OpenUpload>;
