import { BlobName, Credentials, mediaBounds } from '#domain';
import { z } from 'zod';

const text = (most: number) =>
  z
    .string()
    .max(3 * most)
    .optional();
const side = z.int().min(1);

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
