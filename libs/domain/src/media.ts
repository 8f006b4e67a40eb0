import { z } from 'zod';
import { refuse, type Refusal } from './errors.js';
import { Line, Text } from './text.js';

/** The most pictures of one development. */
export const mostMedia = 20;
/** The most UTF-16 units of each text about a picture, and of a ticket. */
export const mediaBounds = { alt: 1_000, caption: 2_000, credit: 200, rights: 300, ticket: 12_000 } as const;
/** The most characters of the texts in a picture's content credentials, and the most actions. */
export const credentialsBounds = { signer: 200, tool: 200, actions: 20 } as const;
/** The most renditions of one picture: three types in six widths. */
export const mostRenditions = 18;
/** The most files that one content can name: originals and renditions. */
export const mostFiles = mostMedia * (1 + mostRenditions);

/** The name of a file in the blob store: the SHA-256 of its stored bytes, in hex. */
export const BlobName = z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of a file, in hex');

const side = z.int().min(1).max(16_383);
const KeptFile = z.strictObject({
  name: BlobName,
  sha256: BlobName,
  type: z.string().regex(/^image\/[a-z]{3,10}$/, 'must be a type of picture'),
  width: side,
  height: side,
  size: z.int().min(1).max(210_000_000),
});
/** A file of a picture in the sealed part of the store. `name` is that of its blob; `sha256` is that of what is in it; `size` is in bytes, before sealing. */
export type KeptFile = Readonly<z.infer<typeof KeptFile>>;

// Closing a text's directional characters may add a few to it.
const read = (most: number) =>
  z
    .string()
    .min(1)
    .max(3 * most);
/** Content credentials (C2PA) that fit their picture. */
export const FittingCredentials = z
  .strictObject({
    state: z.enum(['trusted', 'valid']).meta({
      description:
        '`trusted`: signed with a certificate that this newsroom trusts. `valid`: nobody here vouches for the signer.',
    }),
    signer: read(credentialsBounds.signer).meta({ description: 'The organisation that the certificate names.' }),
    signed: z.iso
      .datetime({ precision: 3 })
      .optional()
      .meta({ description: 'When it was signed, by a time-stamp authority.' }),
    tool: read(credentialsBounds.tool).optional().meta({ description: 'The camera or the program.' }),
    actions: z
      .array(z.string().regex(/^[A-Za-z_]{1,40}$/))
      .min(1)
      .max(credentialsBounds.actions)
      .optional()
      .meta({ description: 'What was done to it, by C2PA’s names: `cropped`, `color_adjustments`.' }),
    generated: z.literal(true).optional().meta({ description: 'It, or a part of it, was made by a generative model.' }),
  })
  .meta({ id: 'FittingCredentials', description: 'What the content credentials (C2PA) of a picture’s original say.' });
export type FittingCredentials = z.infer<typeof FittingCredentials>;
const BrokenCredentials = z.strictObject({ state: z.literal('broken') }).meta({ id: 'BrokenCredentials' });
/** What the upload found of a picture's content credentials. `broken`: it or they were changed since, so they say nothing. */
export const Credentials = z.union([FittingCredentials, BrokenCredentials]).meta({
  id: 'Credentials',
  description: 'The content credentials (C2PA) of a picture, as they were verified when it was uploaded.',
});
export type Credentials = z.infer<typeof Credentials>;

/**
 * What an event has to say of a picture so that its files can be found, opened and checked. `secret` opens all of them: it belongs to
 * the words that are sealed under the key of a development, and so goes with that key. `colour` is its average, #rrggbb.
 */
export const KeptPicture = z
  .strictObject({
    secret: z.string().regex(/^[\w-]{22}$/, 'must be 16 bytes in base64url'),
    colour: z.string().regex(/^#[0-9a-f]{6}$/),
    original: KeptFile,
    renditions: z.array(KeptFile).min(1).max(mostRenditions),
    credentials: Credentials.optional(),
  })
  .meta({ id: 'KeptPicture', description: 'The sealed files of a picture, and the secret that opens them.' });
export type KeptPicture = z.infer<typeof KeptPicture>;

const percent = z.int().min(0).max(100);
/** The texts of a picture. One of `alt` and `decorative` is needed. */
const texts = {
  alt: Text(mediaBounds.alt)
    .optional()
    .meta({ description: 'What the picture shows, for those who cannot see it. Needed unless it is decorative.' }),
  decorative: z.literal(true).optional().meta({ description: 'The picture says nothing that the text does not say.' }),
  caption: Text(mediaBounds.caption).optional(),
  credit: Line(mediaBounds.credit).optional().meta({ description: 'Who made it, as readers see it.' }),
  rights: Line(mediaBounds.rights)
    .optional()
    .meta({ description: 'Who may use it; for the newsroom and for search engines.' }),
  focus: z.strictObject({ x: percent, y: percent }).optional().meta({
    description: 'The point that must stay visible where the picture is cut: per cent from the left and the top.',
  }),
};
type Texts = { readonly [Name in keyof typeof texts]?: z.infer<(typeof texts)[Name]> | undefined };
const isDescribed = ({ alt, decorative }: Texts) => (alt === undefined) === (decorative === true);
const undescribed = { path: ['alt'], message: 'must be given, unless `decorative` says that the picture needs none' };

const mediaOf = <Fields extends z.ZodRawShape>(id: string, fields: Fields) =>
  z
    .strictObject({ ...texts, ...fields })
    .refine(value => isDescribed(value as Texts), undescribed)
    .meta({ id });

const isOnce = (names: readonly string[]) => new Set(names).size === names.length;
const once = 'must show each picture once';

/** The pictures of a content, in the order in which readers see them. */
export const Media = z
  .array(mediaOf('Medium', { picture: KeptPicture }))
  .min(1)
  .max(mostMedia)
  .refine(list => isOnce(list.map(({ picture }) => picture.original.name)), once);
export type Media = z.infer<typeof Media>;

/** The pictures of a content as a client sends them. */
export const SentMedia = z
  .array(
    mediaOf('SentMedium', {
      picture: BlobName.meta({ description: 'The picture’s name, as the upload answered it.' }),
      ticket: z
        .string()
        .min(1)
        .max(mediaBounds.ticket)
        .regex(/^[\w.-]+$/, 'must be the ticket that the upload answered')
        .optional()
        .meta({ description: 'The ticket of its upload. Left out for a picture that the development shows already.' }),
    }),
  )
  .min(1)
  .max(mostMedia)
  .refine(list => isOnce(list.map(({ picture }) => picture)), once)
  .meta({ id: 'SentMedia', description: 'Pictures, in the order in which readers see them. Left out: none.' });
export type SentMedia = z.infer<typeof SentMedia>;

/** The kept picture in a ticket; undefined if the ticket does not open. */
export type PictureIn = (ticket: string) => KeptPicture | undefined;

/** The pictures to record: each comes with a ticket, or is one of those that the development shows already. */
export function keptMedia(sent: SentMedia, pictureIn: PictureIn, held: Media = []): Media | Refusal {
  const kept: Media = [];
  for (const [index, { picture: name, ticket, ...rest }] of sent.entries()) {
    const picture =
      ticket === undefined ? held.find(({ picture }) => picture.original.name === name)?.picture : pictureIn(ticket);
    const path = ['content', 'media', index, ticket === undefined ? 'picture' : 'ticket'];
    if (!picture && ticket === undefined)
      return refuse('invalid-field', {
        path,
        detail: 'is no picture of this development: send the ticket of its upload',
      });
    if (picture?.original.name !== name)
      return refuse('invalid-field', { path, detail: 'is not a valid ticket of this picture: upload it again' });
    kept.push({ ...rest, picture });
  }
  return kept;
}

/** The pictures as a client sends them again: named, without what only the newsroom may hold. */
export const asSentMedia = (media: Media): SentMedia =>
  media.map(({ picture, ...rest }) => ({ ...rest, picture: picture.original.name }));

/** The names of all files of pictures in the sealed part of the store. */
export const filesOf = (pictured: readonly { readonly picture: KeptPicture }[]): string[] =>
  pictured.flatMap(({ picture: { original, renditions } }) => [original, ...renditions].map(({ name }) => name));
