// The worker runs this file alone (see package.json, imports), so it imports only types.
import type { PictureErrorCode, PictureType } from './errors.js';

/** Why the structure of a file is refused. */
export interface Fault {
  readonly code: Extract<PictureErrorCode, 'picture-mixed' | 'picture-broken' | 'picture-animated'>;
  readonly detail: string;
}

/** Where a picture ends in its file, and how many frames it has. Undefined if the file ends too early or breaks its format. */
interface Whole {
  readonly end: number;
  readonly frames: number;
}

/**
 * What is wrong with a file whose first bytes are of this type, or undefined. It follows the blocks of the format to the picture's end
 * without decoding any: what comes after it, an animation, and a second format in the same bytes are faults. Linear in the size.
 */
export function faultOf(type: PictureType, bytes: Buffer): Fault | undefined {
  const hidden = otherFormat(bytes);
  if (hidden) return { code: 'picture-mixed', detail: hidden };
  const whole = walks[type](bytes);
  if (!whole) return { code: 'picture-broken', detail: 'it ends early, or its structure is wrong' };
  if (whole.frames > 1) return { code: 'picture-animated', detail: `${whole.frames} frames or more` };
  const rest = bytes.subarray(whole.end);
  if (rest.length > 0 && !(type === 'image/jpeg' && isCameras(rest)))
    return { code: 'picture-mixed', detail: `${rest.length} bytes follow the picture` };
  return undefined;
}

/** Programs look for the end of a ZIP in a file's last 64 KiB, and for a PDF in its first. */
const zipTail = 65_557;
const pdfHead = 1_024;
const zipEnd = Buffer.from('504b050600000000', 'hex');
/** What a browser or a server could take for a page or a program. XMP, which is XML, has none of it. */
const markup = /<(?:script|html|iframe)[\s>/]|<\?php|<!doctype/i;

function otherFormat(bytes: Buffer): string | undefined {
  if (bytes.subarray(-zipTail).includes(zipEnd)) return 'it is a ZIP archive too';
  if (bytes.subarray(0, pdfHead).includes('%PDF-')) return 'it is a PDF too';
  const found = markup.exec(bytes.toString('latin1'))?.[0];
  return found && `it holds ${found.trim().slice(0, 12)} too`;
}

/** What cameras write after a JPEG: more JPEGs (previews, depth), a motion picture, their own trailer, or padding. */
function isCameras(rest: Buffer): boolean {
  if (rest.every(byte => byte === 0)) return true;
  if (rest.subarray(-4).equals(Buffer.from('SEFT'))) return true;
  if (rest.subarray(4, 8).equals(Buffer.from('ftyp'))) return boxes(rest)?.end === rest.length;
  const next = jpeg(rest);
  return next !== undefined && isCameras(rest.subarray(next.end));
}

const walks: Record<PictureType, (bytes: Buffer) => Whole | undefined> = {
  'image/jpeg': bytes => jpeg(bytes),
  'image/png': png,
  'image/webp': webp,
  'image/gif': gif,
  'image/avif': boxes,
};

/** `onSegment` gets each segment's marker and where the marker is. */
function jpeg(bytes: Buffer, onSegment?: (marker: number, at: number) => void): Whole | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 4 <= bytes.length || bytes[at + 1] === 0xd9) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd9) return { end: at + 2, frames: 1 };
    else if (isBare(marker)) at += 2;
    else {
      const length = bytes.readUInt16BE(at + 2);
      if (length < 2) return undefined;
      onSegment?.(marker, at);
      at += 2 + length;
      if (marker === 0xda) at = afterScan(bytes, at);
    }
  }
  return undefined;
}

/** What the header of a sequential JPEG's scan ends with: all coefficients, 0 to 63, in one pass. */
const sequentialScan = Buffer.of(0, 63, 0);

/**
 * The JPEG, whose structure has no fault, as its decoder should get it. Some phones write other bounds of coefficients in the scans of a
 * sequential JPEG, where they mean nothing. The decoder would warn of them, and we take a warning for damage.
 */
export function withPlainScans(bytes: Buffer): Buffer {
  let sequential = false;
  const scans: number[] = [];
  jpeg(bytes, (marker, at) => {
    if (marker === 0xc0 || marker === 0xc1) sequential = true;
    // After the marker, the length, the number of components, and two bytes of each.
    if (marker === 0xda) scans.push(at + 5 + 2 * bytes.readUInt8(at + 4));
  });
  const other = scans.filter(at => !bytes.subarray(at, at + 3).equals(sequentialScan));
  if (!sequential || other.length === 0) return bytes;
  const plain = Buffer.from(bytes);
  for (const at of other) sequentialScan.copy(plain, at);
  return plain;
}

/** Whether a marker has no segment. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The next marker after coded pixels, in which FF 00 is a value and FF D0 to FF D7 restart the decoder. */
function afterScan(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes[at + 1] === 0 || (bytes[at + 1]! & 0xf8) === 0xd0)) at = bytes.indexOf(0xff, at + 2);
  return at < 0 ? bytes.length : at;
}

function png(bytes: Buffer): Whole | undefined {
  let frames = 1;
  for (let at = 8; at + 12 <= bytes.length;) {
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[a-z]{4}$/i.test(name)) return undefined;
    if (name === 'acTL') frames = 2;
    at += 12 + bytes.readUInt32BE(at);
    if (name === 'IEND') return at <= bytes.length ? { end: at, frames } : undefined;
  }
  return undefined;
}

function webp(bytes: Buffer): Whole | undefined {
  if (bytes.length < 20) return undefined;
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return undefined;
  let at = 12;
  let frames = 1;
  while (at + 8 <= end) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'ANIM' || name === 'ANMF') frames = 2;
    const size = bytes.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return at === end ? { end, frames } : undefined;
}

function gif(bytes: Buffer): Whole | undefined {
  const table = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  if (bytes.length < 14) return undefined;
  let at = 13 + table(bytes[10]!);
  let frames = 0;
  while (at < bytes.length) {
    const block = bytes[at]!;
    if (block === 0x3b) return frames > 0 ? { end: at + 1, frames } : undefined;
    if (block === 0x2c) {
      frames += 1;
      at += 11 + table(bytes[at + 9] ?? 0);
    } else if (block === 0x21) at += 2;
    else return undefined;
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at += 1;
  }
  return undefined;
}

/** AVIF and MP4 are a row of boxes, each with its size. */
function boxes(bytes: Buffer): Whole | undefined {
  let at = 0;
  let frames = 1;
  while (at + 8 <= bytes.length) {
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[\x20-\x7e]{4}$/.test(name)) return at > 0 ? { end: at, frames } : undefined;
    // The track of an image sequence.
    if (name === 'moov') frames = 2;
    const size = sizeOf(bytes, at);
    if (size === undefined || at + size > bytes.length) return undefined;
    at += size;
  }
  return at > 0 ? { end: at, frames } : undefined;
}

function sizeOf(bytes: Buffer, at: number): number | undefined {
  const size = bytes.readUInt32BE(at);
  // 0: to the file's end. 1: the size follows in eight bytes.
  if (size === 0) return bytes.length - at;
  if (size !== 1) return size >= 8 ? size : undefined;
  if (at + 16 > bytes.length) return undefined;
  const long = Number(bytes.readBigUInt64BE(at + 8));
  return long >= 16 ? long : undefined;
}
