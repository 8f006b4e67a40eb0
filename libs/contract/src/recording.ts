import { z } from 'zod';

const side = z.int().min(1);

/** A video or a sound of an entry. */
export const Recording = z
  .object({
    file: z.string().meta({ description: 'Names it in a correction that shows it again.' }),
    href: z.string().meta({ description: 'Where it is on this server, which answers ranges of its bytes too.' }),
    type: z
      .string()
      .meta({ description: 'The media type: video/mp4, video/webm, audio/mp4, audio/webm or audio/mpeg.' }),
    size: z.int().meta({ description: 'In bytes.' }),
    lasts: z.int().meta({ description: 'In milliseconds.' }),
    width: side.optional().meta({ description: 'Of a video, in pixels.' }),
    height: side.optional(),
    captions: z
      .object({
        file: z.string().meta({ description: 'Names them in a correction that shows them again.' }),
        href: z.string().meta({ description: 'Where they are on this server, as WebVTT.' }),
      })
      .optional(),
  })
  .meta({ id: 'Recording', description: 'A video or a sound. Its medium’s picture is shown until it plays.' });
export type Recording = z.infer<typeof Recording>;
