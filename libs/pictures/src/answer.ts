import { Credentials } from '#domain';
import { z } from 'zod';
import { PictureError, pictureErrors, pictureTypes, type PictureErrorCode } from './errors.js';
import { longestOffered, longestSide, renditionWidths } from './limits.js';

const side = z.int().min(1).max(longestSide);
/** The types of renditions, the smallest files first. */
export const renditionTypes = ['image/avif', 'image/webp', 'image/jpeg'] as const;

// Closing a text's directional characters may add a few to it.
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(3 * longest)
    .optional();
const offered = z.strictObject({
  caption: text(longestOffered.caption),
  alt: text(longestOffered.alt),
  credit: text(longestOffered.credit),
  rights: text(longestOffered.rights),
  taken: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/)
    .optional(),
});
const rendition = z.strictObject({ type: z.enum(renditionTypes), width: side, height: side, size: z.int().min(1) });
const picture = z.strictObject({
  type: z.enum(pictureTypes),
  width: side,
  height: side,
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  offered,
  credentials: Credentials.optional(),
  renditions: z
    .array(rendition)
    .min(1)
    .max(renditionTypes.length * (renditionWidths.length + 1)),
});
const refusal = z.strictObject({
  refused: z.enum(Object.keys(pictureErrors) as [PictureErrorCode]),
  detail: z.string().max(300).optional(),
});
const header = z.union([refusal, picture]);

/** A smaller copy of a picture for readers, made of its pixels alone. */
export interface Rendition {
  readonly type: (typeof renditionTypes)[number];
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** A picture that was taken. Width and height are those of the upright original; `colour` is its average, as #rrggbb. */
export interface Picture extends Omit<z.infer<typeof picture>, 'renditions'> {
  readonly renditions: readonly Rendition[];
}

/**
 * Reads what the worker wrote: four bytes with the header's length, the header in JSON, and the renditions one after the other. The
 * worker decodes hostile files, so nothing of its answer is believed unchecked. Throws a PictureError: the refusal, or `picture-broken`.
 */
export function readAnswer(answer: Buffer): Picture {
  const read = header.safeParse(headerOf(answer));
  if (!read.success) throw new PictureError('picture-broken', 'it broke the process that reads pictures');
  if ('refused' in read.data) throw new PictureError(read.data.refused, read.data.detail);
  let at = 4 + answer.readUInt32BE(0);
  const renditions = read.data.renditions.map(({ size, ...rest }) => ({
    ...rest,
    bytes: answer.subarray(at, (at += size)),
  }));
  if (at !== answer.length) throw new PictureError('picture-broken', 'it broke the process that reads pictures');
  return { ...read.data, renditions };
}

function headerOf(answer: Buffer): unknown {
  if (answer.length < 4) return undefined;
  try {
    return JSON.parse(answer.toString('utf8', 4, 4 + answer.readUInt32BE(0)));
  } catch {
    return undefined;
  }
}
