import { largestPicture, longestSide, longestWorkMs, mostPixels, mostWaiting } from './limits.js';

/** The types of picture that are taken. */
export const pictureTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'] as const;
/** A type of picture that is taken, by content. */
export type PictureType = (typeof pictureTypes)[number];

/** Every way in which a picture is refused, and the remedy. */
export const pictureErrors = {
  'picture-empty': 'The file is empty. Choose the picture again.',
  'picture-too-large': `A picture has at most ${largestPicture / 1e6} MB. Save it smaller, or as JPEG.`,
  'picture-type': 'The file is not a picture that can be taken. Send JPEG, PNG, WebP, AVIF or GIF.',
  'picture-heic':
    'HEIC pictures cannot be read here. Save it as JPEG; an iPhone does so if Camera, Formats is set to Most Compatible.',
  'picture-misnamed':
    'The name or the type of the file says another kind of picture than it holds. Save it again from an image editor.',
  'picture-mixed': 'The file holds more than a picture. Save it again from an image editor, and send that file.',
  'picture-broken': 'The picture is damaged or incomplete. Export or send it again.',
  'picture-animated': 'The picture is animated, and only still pictures can be taken. Send one frame of it.',
  'picture-too-many-pixels': `A picture has at most ${mostPixels / 1e6} megapixels. Save it smaller.`,
  'picture-too-long': `A side of a picture has at most ${longestSide} pixels. Save it smaller, or cut it.`,
  'picture-too-slow': `The picture took longer than ${longestWorkMs / 1_000} seconds. Save it again from an image editor.`,
  'picture-too-hungry': 'The picture needed too much memory. Save it smaller, or again from an image editor.',
  'pictures-busy': `More than ${mostWaiting} pictures are waiting. Send it again in a minute.`,
} as const;
/** The code of a refusal. */
export type PictureErrorCode = keyof typeof pictureErrors;

/** The picture is refused; `code` says why, and nothing of it was kept. */
export class PictureError extends Error {
  constructor(
    readonly code: PictureErrorCode,
    detail?: string,
  ) {
    super(detail ? `${pictureErrors[code]} (${detail})` : pictureErrors[code]);
    this.name = 'PictureError';
  }
}
