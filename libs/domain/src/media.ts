import { z } from 'zod';
import { isRefusal, refuse, type Refusal } from './errors.js';
import { BlobName } from './blob-name.js';
import { KeptCaptions, KeptRecording } from './recordings.js';
import { Line, Text } from './text.js';

/** The most pictures of one development. */
export const mostMedia = 20;
/** The most UTF-16 units of each text about a picture, and of a ticket. */
export const mediaBounds = { alt: 1_000, caption: 2_000, credit: 200, rights: 300, ticket: 12_000 } as const;
/** The most characters of the texts in a picture's content credentials, and the most actions. */
export const credentialsBounds = { signer: 200, tool: 200, actions: 20 } as const;
/** The most renditions of one picture: three types in six widths. */
export const mostRenditions = 18;
/** The most files that one content can name: originals and renditions of pictures, recordings, and captions. */
export const mostFiles = mostMedia * (1 + mostRenditions + 2);

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
/** A picture with a recording is what readers see before the recording plays. */
const kept = { picture: KeptPicture, recording: KeptRecording.optional(), captions: KeptCaptions.optional() };
type Texts = { readonly [Name in keyof typeof texts]?: z.infer<(typeof texts)[Name]> | undefined };
type Playing = { readonly recording?: unknown; readonly captions?: unknown };
const isDescribed = ({ alt, decorative }: Texts) => (alt === undefined) === (decorative === true);
const undescribed = { path: ['alt'], message: 'must be given, unless `decorative` says that the picture needs none' };
const saysSomething = ({ decorative, recording }: Texts & Playing) => !(decorative && recording);
const decorates = { path: ['decorative'], message: 'must be left out: a recording never only decorates' };
const isCaptioned = ({ captions, recording }: Playing) => captions === undefined || recording !== undefined;
const uncaptioned = { path: ['captions'], message: 'must be left out where there is no recording' };

const mediaOf = <Fields extends z.ZodRawShape>(id: string, fields: Fields) =>
  z
    .strictObject({ ...texts, ...fields })
    .refine(value => isDescribed(value as Texts), undescribed)
    .refine(value => saysSomething(value as Texts & Playing), decorates)
    .refine(value => isCaptioned(value as Playing), uncaptioned)
    .meta({ id });

const isOnce = (names: readonly string[]) => new Set(names).size === names.length;
const once = 'must show each picture once';
const playedOnce = 'must play each recording once';

/** The pictures of a content, in the order in which readers see them. */
export const Media = z
  .array(mediaOf('Medium', kept))
  .min(1)
  .max(mostMedia)
  .refine(list => isOnce(list.map(({ picture }) => picture.original.name)), once)
  .refine(list => isOnce(list.flatMap(({ recording }) => recording?.file.name ?? [])), playedOnce);
export type Media = z.infer<typeof Media>;

const Ticket = z
  .string()
  .min(1)
  .max(mediaBounds.ticket)
  .regex(/^[\w.-]+$/, 'must be the ticket that the upload answered');
const sentFile = (id: string, what: string) =>
  z
    .strictObject({
      file: BlobName.meta({ description: `The ${what}’s name, as the upload answered it.` }),
      ticket: Ticket.optional().meta({
        description: 'The ticket of its upload. Left out for one that the development shows already.',
      }),
    })
    .meta({ id });

/** The pictures of a content as a client sends them. */
export const SentMedia = z
  .array(
    mediaOf('SentMedium', {
      picture: BlobName.meta({ description: 'The picture’s name, as the upload answered it.' }),
      ticket: Ticket.optional().meta({
        description: 'The ticket of its upload. Left out for a picture that the development shows already.',
      }),
      recording: sentFile('SentRecording', 'recording').optional().meta({
        description: 'A video or a sound. The picture is shown until it plays.',
      }),
      captions: sentFile('SentCaptions', 'captions').optional().meta({
        description: 'Captions of the recording, in the language of the story.',
      }),
    }),
  )
  .min(1)
  .max(mostMedia)
  .refine(list => isOnce(list.map(({ picture }) => picture)), once)
  .refine(list => isOnce(list.flatMap(({ recording }) => recording?.file ?? [])), playedOnce)
  .meta({ id: 'SentMedia', description: 'Pictures, in the order in which readers see them. Left out: none.' });
export type SentMedia = z.infer<typeof SentMedia>;

/** What one upload kept. */
export type Kept = KeptPicture | KeptRecording | KeptCaptions;
export const isPicture = (kept: Kept): kept is KeptPicture => 'original' in kept;
export const isRecording = (kept: Kept): kept is KeptRecording => 'lasts' in kept;

/** The name by which an act shows what was kept. */
export const nameOfKept = (kept: Kept): string => (isPicture(kept) ? kept.original : kept.file).name;

interface Shown {
  readonly picture: KeptPicture;
  readonly recording?: KeptRecording | undefined;
  readonly captions?: KeptCaptions | undefined;
}

/** What is kept for a medium: its picture first. */
export const keptOf = ({ picture, recording, captions }: Shown): Kept[] => [
  picture,
  ...(recording ? [recording] : []),
  ...(captions ? [captions] : []),
];

/** What is in a ticket; undefined if the ticket does not open. */
export type KeptIn = (ticket: string) => Kept | undefined;

type Path = readonly (string | number)[];

/** What a client names: it comes with a ticket, or is one of those that the development shows already. */
function keptFor<Found extends Kept>(
  what: string,
  { name, ticket }: { readonly name: string; readonly ticket?: string | undefined },
  path: Path,
  { keptIn, held }: { readonly keptIn: KeptIn; readonly held: readonly Kept[] },
  isIt: (kept: Kept) => kept is Found,
): Found | Refusal {
  const found = ticket === undefined ? held.find(kept => nameOfKept(kept) === name) : keptIn(ticket);
  if (found && isIt(found) && nameOfKept(found) === name) return found;
  const detail =
    ticket === undefined
      ? `is no ${what} of this development: send the ticket of its upload`
      : `is not a valid ticket of this ${what}: upload it again`;
  return refuse('invalid-field', { path: [...path], detail });
}

const isCaptions = (kept: Kept): kept is KeptCaptions => !isPicture(kept) && !isRecording(kept);

/** The pictures to record, each with its recording: see `keptFor`. */
export function keptMedia(sent: SentMedia, keptIn: KeptIn, held: Media = []): Media | Refusal {
  const from = { keptIn, held: held.flatMap(keptOf) };
  const media: Media = [];
  for (const [index, { picture: name, ticket, recording: played, captions: read, ...rest }] of sent.entries()) {
    const at = ['content', 'media', index];
    const path = [...at, ticket === undefined ? 'picture' : 'ticket'];
    const picture = keptFor('picture', { name, ticket }, path, from, isPicture);
    if (isRefusal(picture)) return picture;
    const more: Pick<Media[number], 'recording' | 'captions'> = {};
    if (played) {
      const recording = keptFor('recording', named(played), [...at, 'recording', ...last(played)], from, isRecording);
      if (isRefusal(recording)) return recording;
      more.recording = recording;
    }
    if (read) {
      const captions = keptFor('captions', named(read), [...at, 'captions', ...last(read)], from, isCaptions);
      if (isRefusal(captions)) return captions;
      more.captions = captions;
    }
    media.push({ ...rest, picture, ...more });
  }
  return media;
}

type SentFile = NonNullable<SentMedia[number]['recording']>;
const named = ({ file, ticket }: SentFile) => ({ name: file, ticket });
const last = ({ ticket }: SentFile) => [ticket === undefined ? 'file' : 'ticket'];

/** The pictures as a client sends them again: named, without what only the newsroom may hold. */
export const asSentMedia = (media: Media): SentMedia =>
  media.map(({ picture, recording, captions, ...rest }) => ({
    ...rest,
    picture: picture.original.name,
    ...(recording && { recording: { file: recording.file.name } }),
    ...(captions && { captions: { file: captions.file.name } }),
  }));

/** The files of what was kept in the sealed part of the store. */
export const sealedFilesOf = (kept: Kept): readonly SealedFile[] =>
  isPicture(kept) ? [kept.original, ...kept.renditions] : [kept.file];

/** A file in the sealed part of the store: its name there, and of its bytes in the clear the SHA-256 and the size. */
export interface SealedFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** The files that readers may get in the clear, under the name `sha256`: all but the originals of pictures. */
export const publicFilesOf = (kept: Kept): readonly SealedFile[] => (isPicture(kept) ? kept.renditions : [kept.file]);

/** The names of all files of pictures and recordings in the sealed part of the store. */
export const filesOf = (shown: readonly Shown[]): string[] =>
  shown.flatMap(medium => keptOf(medium).flatMap(kept => sealedFilesOf(kept).map(({ name }) => name)));
