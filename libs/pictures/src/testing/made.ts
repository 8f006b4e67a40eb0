import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A picture with edges and colours, so that its coded form is not trivial. */
export const plain = (width = 60, height = 40): Sharp =>
  sharp({
    create: { width, height, channels: 3, background: '#3a6ea5', noise: { type: 'gaussian', mean: 120, sigma: 40 } },
  });

/** One small picture of each type. */
export const pictures = {
  'image/jpeg': () => plain().jpeg().toBuffer(),
  'image/png': () => plain().png().toBuffer(),
  'image/webp': () => plain().webp().toBuffer(),
  'image/avif': () => plain().avif({ effort: 0 }).toBuffer(),
  'image/gif': () => plain().gif().toBuffer(),
} as const;

const length = (text: Buffer | string, more = 0) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(text.length + more);
  return bytes;
};

/** A segment of a JPEG: marker, length, content. */
export function segment(marker: number, content: Buffer | string): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, Buffer.from(content as string, 'latin1')]);
}

/** The JPEG with a segment after its first marker. */
export const withSegment = (jpeg: Buffer, marker: number, content: Buffer | string): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), segment(marker, content), jpeg.subarray(2)]);

/** A chunk of a PNG, with its checksum. */
export function chunk(name: string, content: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(content as string, 'latin1')]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length(content), body, sum]);
}

const pngHead = Buffer.from('89504e470d0a1a0a', 'hex');

/** The PNG with a chunk after its first one. */
export const withChunk = (png: Buffer, name: string, content: Buffer | string): Buffer =>
  Buffer.concat([png.subarray(0, 33), chunk(name, content), png.subarray(33)]);

/** A PNG of this size that is one black bit a pixel: some bytes for millions of pixels. `lines`: how many lines it really has. */
export function blackPng(width: number, height: number, lines = height): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * lines));
  return Buffer.concat([pngHead, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', '')]);
}

/** A GIF that says this size: of its screen, and of `frames` frames with the data of one pixel. */
export function tinyGif(width: number, height: number, frames: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const frame = Buffer.from('2c0000000001000100000202440100', 'hex');
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(height, 7);
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** A box of AVIF and MP4. */
export const box = (name: string, content: Buffer | string = ''): Buffer =>
  Buffer.concat([length(content, 8), Buffer.from(name, 'latin1'), Buffer.from(content as string, 'latin1')]);

/** An archive with no file in it: all that a ZIP needs. */
export const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
/** The beginning of a ZIP with a file. */
export const zip = Buffer.concat([Buffer.from('504b03040a0000000000', 'hex'), Buffer.alloc(20), emptyZip]);

/** Blocks of IPTC in the form that image editors write: dataset numbers of record 2, and their texts. */
export function iptc(texts: Readonly<Record<number, string>>): Buffer {
  const sets = Object.entries(texts).map(([number, text]) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.of(0x1c, 2, Number(number), bytes.length >> 8, bytes.length & 0xff), bytes]);
  });
  const utf8 = Buffer.from('1c015a00031b2547', 'hex');
  const all = Buffer.concat([utf8, ...sets]);
  const resource = Buffer.concat([
    Buffer.from('8BIM\x04\x04\0\0', 'latin1'),
    length(all),
    all,
    Buffer.alloc(all.length % 2),
  ]);
  return Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resource]);
}

/** XMP with these properties, each `prefix:name` and a text. */
export function xmp(properties: Readonly<Record<string, string>>): string {
  const texts = Object.entries(properties).map(
    ([name, text]) => `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></${name}>`,
  );
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">${texts.join('')}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}
