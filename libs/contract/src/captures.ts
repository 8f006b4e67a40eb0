import { CapturedPage, noPictures } from '#domain';
import { z } from 'zod';

type Sized = { width: z.ZodNumber; height: z.ZodNumber };
type Source = z.ZodObject<Sized & { href: z.ZodString; type: z.ZodString }>;
type Shape = Sized & {
  picture: z.ZodString;
  alt: z.ZodString;
  colour: z.ZodNullable<z.ZodString>;
  sources: z.ZodArray<Source>;
};

/** A page that an entry links to, as it was captured, with pictures as those of entries are. */
export function captureViewOf({ shape: { picture, alt, width, height, colour, sources } }: { readonly shape: Shape }) {
  const page = {
    picture: z
      .object({ picture, alt, width, height, colour, sources })
      .extend({ sha256: z.string().meta({ description: 'Of its bytes, as its site gave them.' }) })
      .optional()
      .meta({ description: 'The picture that the page names, as it was then. Left out where none was kept.' }),
    noPicture: z.enum(noPictures).optional().meta({ description: 'Why none was kept, where one was looked for.' }),
    at: z.iso.datetime().meta({ description: 'When it was captured.' }),
    proof: z.string().meta({ description: 'By it the newsroom knows that it made this capture.' }),
  };
  const again = z.object({
    ...CapturedPage.omit({ url: true }).partial({ sources: true }).shape,
    gone: z.literal(true).optional().meta({ description: 'The site said that there is no such page.' }),
    ...page,
  });
  return z
    .object({
      ...CapturedPage.shape,
      ...page,
      again: again.optional().meta({ description: 'The same when it was captured again, the latest time.' }),
    })
    .meta({
      id: 'Capture',
      description:
        'A linked page as it was captured: in its own words, which are not the newsroom’s. It may read otherwise now, or be gone.',
    });
}
