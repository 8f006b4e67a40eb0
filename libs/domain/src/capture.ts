import { z } from 'zod';
import { digest } from './digest.js';
import { refuse, type Refusal } from './errors.js';
import { BlobName } from './blob-name.js';
import { isPicture, KeptPicture, mediaBounds, type KeptIn } from './media.js';
import { isWebAddress, Line, webAddressNeeded } from './text.js';

/** The most captures of a content, and the most UTF-16 units of each field of one. */
export const captureBounds = {
  captures: 5,
  url: 2_000,
  title: 300,
  author: 200,
  site: 100,
  text: 2_000,
  alt: 500,
} as const;
/** The width in pixels that no rendition of a page's picture exceeds: a card shows it small. */
export const widestOfPage = 640;

const Address = Line(captureBounds.url).refine(isWebAddress, webAddressNeeded);
const Second = z.iso.datetime({ precision: 0 });

/** Where a fact of a captured page was read. */
export const captureSources = ['oembed', 'open-graph', 'schema.org', 'html'] as const;

/** Why a capture has no picture of its page. `none`: the page names none. `gone`: its site says that there is no such picture. */
export const noPictures = ['none', 'gone', 'not-given', 'too-large', 'unreadable', 'not-kept'] as const;
export type NoPicture = (typeof noPictures)[number];

/** What a page said of itself when a fetcher asked for it. */
export const CapturedPage = z.strictObject({
  url: Address.meta({ description: 'The address that was captured.' }),
  answeredBy: Address.optional().meta({ description: 'The address that answered, where a redirect led to another.' }),
  title: Line(captureBounds.title).optional(),
  author: Line(captureBounds.author).optional(),
  site: Line(captureBounds.site).optional(),
  published: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/, 'must be a date, or an instant to the second in UTC')
    .optional()
    .meta({ description: 'When it was published, as the page says.' }),
  text: Line(captureBounds.text).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')
    .optional()
    .meta({ description: 'Of the page’s bytes. Left out where its site answered for it.' }),
  sources: z.array(z.enum(captureSources)).min(1).max(captureSources.length),
});
export type CapturedPage = z.infer<typeof CapturedPage>;

const made = {
  at: Second.meta({ description: 'When it was captured.' }),
  proof: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the proof of a capture')
    .meta({ description: 'Proves that this newsroom captured it. Send it back unchanged.' }),
};
/** Absent, as `picture` is, in captures from before pictures of pages were kept. */
const noPicture = z.enum(noPictures).optional().meta({
  description: 'Why it has no picture of the page. Left out where it has one, and where nobody looked for one.',
});
const alt = Line(captureBounds.alt).optional();

const PagePicture = z.strictObject({ picture: KeptPicture, alt }).meta({ id: 'PagePicture' });
const SentPagePicture = z
  .strictObject({
    picture: BlobName,
    sha256: BlobName.meta({ description: 'Of the picture’s bytes, as its site gave them.' }),
    alt: alt.meta({ description: 'What it shows, as the page says.' }),
    ticket: z
      .string()
      .max(mediaBounds.ticket)
      .regex(/^[\w.-]+$/, 'must be the ticket that the capture has')
      .optional()
      .meta({ description: 'Shows it in this story. Left out for a picture that the development shows already.' }),
  })
  .meta({ id: 'SentPagePicture', description: 'The picture of a page, as the capture answered it.' });

const isOnce = (all: readonly { readonly url: string }[]) => new Set(all.map(({ url }) => url)).size === all.length;

/** The schemas of a capture, of a later one and of a content's captures, with this schema of a picture. */
function schemasWith<Picture extends z.ZodType>(picture: Picture, prefix: '' | 'Sent') {
  const pictured = { picture: picture.optional() as z.ZodOptional<Picture>, noPicture };
  const isEither = (value: { picture?: unknown; noPicture?: unknown }) =>
    value.picture === undefined || value.noPicture === undefined;
  const both = { path: ['noPicture'], message: 'must be left out beside a picture' };
  const again = CapturedPage.omit({ url: true })
    .extend({
      ...pictured,
      sources: CapturedPage.shape.sources.optional().meta({ description: 'Left out where the page was gone.' }),
      gone: z.literal(true).optional().meta({ description: 'The site said that there is no such page.' }),
      ...made,
    })
    .refine(({ gone, sources }) => (gone === undefined) === (sources !== undefined), {
      path: ['gone'],
      message: 'must be given for a page that says nothing, and for no other',
    })
    .refine(isEither, both)
    .meta({
      id: `${prefix}CapturedAgain`,
      description: 'The linked page as it was when it was captured again, the latest time. Left out if it never was.',
    });
  const capture = CapturedPage.extend({ ...pictured, ...made, again: again.optional() })
    .refine(isEither, both)
    .meta({
      id: `${prefix}Capture`,
      description:
        'A linked page as it was captured: in its own words, which are not the newsroom’s. It may read otherwise now, or be gone.',
    });
  const captures = z
    .array(capture)
    .min(1)
    .max(captureBounds.captures)
    .refine(isOnce, 'must name each address once')
    .meta({
      id: `${prefix}Captures`,
      description: 'Linked pages as they were captured: see POST /stories/{story}/captures.',
    });
  return { again, capture, captures };
}

const stored = schemasWith(PagePicture, '');
/** What the page of a capture said when it was captured again, or that it was gone. The capture beside it names the address. */
export const CapturedAgain = stored.again;
export type CapturedAgain = z.infer<typeof CapturedAgain>;
/** A page as it was captured, and the newsroom's proof that it was. */
export const Capture = stored.capture;
export type Capture = z.infer<typeof Capture>;
/** The captures of a content, in the order in which readers see them. */
export const Captures = stored.captures;

const sent = schemasWith(SentPagePicture, 'Sent');
/** A later capture as the newsroom answers it and a client sends it: with the name of its picture. */
export const SentCapturedAgain = sent.again;
export type SentCapturedAgain = z.infer<typeof SentCapturedAgain>;
/** A capture as the newsroom answers it and a client sends it. */
export const SentCapture = sent.capture;
export type SentCapture = z.infer<typeof SentCapture>;
/** The captures of a content as a client sends them. */
export const SentCaptures = sent.captures;

type SentPicture = z.infer<typeof SentPagePicture>;
/** What a proof is of: one capture of a page, whether it was the first or a later one. It does not cover tickets. */
export type ProvenCapture = Omit<SentCapture, 'again' | 'sources' | 'picture'> &
  Pick<SentCapturedAgain, 'gone' | 'sources'> & { readonly picture?: Omit<SentPicture, 'ticket'> | undefined };

/** Whether this newsroom made the capture. */
export type IsProven = (capture: ProvenCapture) => boolean;

const withPicture = <Made extends { readonly picture?: unknown }, Picture>(
  { picture, ...rest }: Made,
  pictureOf: (picture: NonNullable<Made['picture']>) => Picture,
) => ({ ...rest, ...(picture != null && { picture: pictureOf(picture) }) });

/** The captures with other forms of their pictures. */
const mapPictures = <Made extends { readonly picture?: unknown; readonly again?: Made | object | undefined }, Picture>(
  captures: readonly Made[],
  pictureOf: (picture: NonNullable<Made['picture']>) => Picture,
) =>
  captures.map(({ again, ...first }) => ({
    ...withPicture(first as Made, pictureOf),
    ...(again && { again: withPicture(again as Made, pictureOf) }),
  }));

const asSentPicture = ({ picture: { original }, ...rest }: z.infer<typeof PagePicture>): SentPicture => ({
  ...rest,
  picture: original.name,
  sha256: original.sha256,
});

/** The captures as a client sends them again: without what only the newsroom may hold. */
export const asSentCaptures = (captures: readonly Capture[]): SentCapture[] =>
  mapPictures(captures, asSentPicture) as SentCapture[];

/** The captures without the tickets of their pictures, as a command's hash covers them. */
export const withoutPageTickets = (captures: readonly SentCapture[]): SentCapture[] =>
  mapPictures(captures, ({ ticket: _, ...picture }) => picture) as SentCapture[];

/** The pictures of captures: of the first, and of the latest if the page was captured again. */
export const pagePictures = <Picture>(
  captures: readonly {
    readonly picture?: Picture | undefined;
    readonly again?: { readonly picture?: Picture | undefined } | undefined;
  }[],
): NonNullable<Picture>[] =>
  captures.flatMap(({ picture, again }) => [picture ?? [], again?.picture ?? []].flat() as never);

/** The captures to record: each picture comes with a ticket, or is one that the development shows already. `path`: where they are in the body. */
export function keptCaptures(
  captures: readonly SentCapture[],
  keptIn: KeptIn,
  held: readonly Capture[] = [],
  path: readonly (string | number)[] = ['content', 'captures'],
): Capture[] | Refusal {
  const known = pagePictures(held).map(({ picture }) => picture);
  const kept = ({ picture: name, ticket }: SentPicture) => {
    const picture = known.find(({ original }) => original.name === name) ?? (ticket && keptIn(ticket));
    return picture && isPicture(picture) && picture.original.name === name ? picture : undefined;
  };
  for (const [n, { picture, again }] of captures.entries())
    for (const [each, at] of [
      [picture, []],
      [again?.picture, ['again']],
    ] as const)
      if (each && kept(each)?.original.sha256 !== each.sha256)
        return refuse('invalid-field', {
          path: [...path, n, ...at, 'picture', each.ticket === undefined ? 'picture' : 'ticket'],
          detail: 'is no picture of this capture, or its ticket is over. Capture the address again.',
        });
  return mapPictures(captures, ({ alt, ...each }) => ({
    picture: kept(each)!,
    ...(alt !== undefined && { alt }),
  })) as Capture[];
}

/** The captures of one page: the first, and the latest if it was captured again. */
const capturesOf = ({ again, ...first }: SentCapture): ProvenCapture[] => [
  first,
  ...(again ? [{ url: first.url, ...again }] : []),
];

const same = (one: ProvenCapture, other: ProvenCapture) => one.proof === other.proof && digest(one) === digest(other);

/**
 * Refuses captures that this newsroom did not make, or that were changed since. Those that the development shows already pass, so that a
 * correction can be made after the newsroom's secret was replaced.
 */
export function unproven(
  { captures = [] }: { readonly captures?: readonly SentCapture[] | undefined },
  isProven: IsProven,
  held: readonly Capture[] = [],
): Refusal | undefined {
  const known = asSentCaptures(held).flatMap(capturesOf);
  const isMade = (each: ProvenCapture) => isProven(each) || known.some(other => same(each, other));
  const at = withoutPageTickets(captures).findIndex(each => !capturesOf(each).every(isMade));
  if (at < 0) return undefined;
  const again = isMade(capturesOf(withoutPageTickets(captures)[at]!)[0]!) ? ['again'] : [];
  const detail =
    'This newsroom did not capture this page so. Capture the address again, and send what is answered unchanged.';
  return refuse('invalid-field', { path: ['content', 'captures', at, ...again, 'proof'], detail });
}

/** Refuses captures that are not those of the development, each with a later `again` or the same. */
export function notAgain(tickets: readonly SentCapture[], shown: readonly Capture[] = []): Refusal | undefined {
  const [sent, held] = [withoutPageTickets(tickets), asSentCaptures(shown)];
  const detail = 'must be the captures of the development as they are now, with `again` for those captured again';
  if (sent.length !== held.length) return refuse('invalid-field', { path: ['captures'], detail });
  for (const [n, { again, ...first }] of sent.entries()) {
    const { again: before, ...kept } = held[n]!;
    if (!same(first, kept)) return refuse('invalid-field', { path: ['captures', n], detail });
    const earlier = before && (again === undefined || again.at < before.at);
    if (earlier || (again && again.at < first.at))
      return refuse('invalid-field', {
        path: ['captures', n, 'again'],
        detail: 'is older than what the development shows. Read it, and capture the address again.',
      });
  }
  return undefined;
}
