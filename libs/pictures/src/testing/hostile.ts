import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { PictureErrorCode } from '../errors.js';
import { largestPicture, longestSide } from '../limits.js';
import { blackPng, box, chunk, emptyZip, pictures, plain, tinyGif, withChunk, withSegment, zip } from './made.js';

/** A file that must be refused: its bytes, what its sender says, and the code of the refusal. */
export interface Hostile {
  readonly code: PictureErrorCode;
  readonly bytes: () => Promise<Buffer> | Buffer;
  readonly name?: string;
  readonly type?: string;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>';
const html = '<!doctype html><html><script>alert(1)</script></html>';
const { jpeg, png, webp, avif, gif } = {
  jpeg: pictures['image/jpeg'],
  png: pictures['image/png'],
  webp: pictures['image/webp'],
  avif: pictures['image/avif'],
  gif: pictures['image/gif'],
};
const cut = async (bytes: Promise<Buffer>, part: number) =>
  bytes.then(all => all.subarray(0, Math.floor(all.length * part)));
const then = async (bytes: Promise<Buffer>, rest: Buffer | string) =>
  Buffer.concat([await bytes, Buffer.from(rest as string)]);
const frames = (count: number) =>
  sharp(
    Array.from({ length: count }, (_, index) => ({
      create: { width: 40, height: 30, channels: 3 as const, background: { r: index * 20, g: 0, b: 0 } },
    })) as never,
    { join: { animated: true } },
  );

/** Files that are no picture, or more than one, or not what they say, or too much. Made here, so that none lies in the repository. */
export const hostile: Readonly<Record<string, Hostile>> = {
  'an empty file': { code: 'picture-empty', bytes: () => Buffer.alloc(0) },
  'one byte more than the largest picture': {
    code: 'picture-too-large',
    bytes: async () => Buffer.concat([await jpeg(), Buffer.alloc(largestPicture)]).subarray(0, largestPicture + 1),
  },

  'an SVG with a script': { code: 'picture-type', bytes: () => Buffer.from(svg), name: 'a.svg', type: 'image/svg+xml' },
  'an SVG that is sent as a PNG': {
    code: 'picture-type',
    bytes: () => Buffer.from(`<?xml version="1.0"?>${svg}`),
    name: 'a.png',
    type: 'image/png',
  },
  'a page of HTML': { code: 'picture-type', bytes: () => Buffer.from(html), name: 'a.jpg' },
  'a text': { code: 'picture-type', bytes: () => Buffer.from('not a picture') },
  'random bytes': { code: 'picture-type', bytes: () => Buffer.concat([Buffer.alloc(4), randomBytes(5_000)]) },
  'a PDF': { code: 'picture-type', bytes: () => Buffer.from('%PDF-1.7\n%%EOF') },
  'a ZIP': { code: 'picture-type', bytes: () => zip, name: 'a.png' },
  'a TIFF': { code: 'picture-type', bytes: () => plain().tiff().toBuffer() },
  'a BMP': { code: 'picture-type', bytes: () => Buffer.from(`BM${'\0'.repeat(60)}`) },
  'a Photoshop file': { code: 'picture-type', bytes: () => Buffer.from(`8BPS\0\x01${'\0'.repeat(40)}`) },
  'a program': { code: 'picture-type', bytes: () => Buffer.from(`\x7fELF\x02\x01\x01${'\0'.repeat(60)}`, 'latin1') },
  'a video': { code: 'picture-type', bytes: () => Buffer.concat([box('ftyp', 'isom\0\0\0\0isom'), box('moov')]) },
  'an HEIC': { code: 'picture-heic', bytes: () => Buffer.concat([box('ftyp', 'heic\0\0\0\0mif1heic'), box('meta')]) },

  'a JPEG that is named PNG': { code: 'picture-misnamed', bytes: jpeg, name: 'a.png' },
  'a JPEG that is sent as image/png': { code: 'picture-misnamed', bytes: jpeg, type: 'image/png; q=1' },
  'a PNG that is named as a program': { code: 'picture-misnamed', bytes: png, name: 'holiday.png.exe' },
  'a GIF that is sent as a page': { code: 'picture-misnamed', bytes: gif, type: 'text/html' },

  'a JPEG with a ZIP after it': { code: 'picture-mixed', bytes: () => then(jpeg(), zip) },
  'a JPEG with a ZIP in its comment': {
    code: 'picture-mixed',
    bytes: async () => withSegment(await jpeg(), 0xfe, Buffer.concat([zip, Buffer.from('x')])),
  },
  'a JPEG with a page after it': { code: 'picture-mixed', bytes: () => then(jpeg(), html) },
  'a JPEG with a text after it': { code: 'picture-mixed', bytes: () => then(jpeg(), 'and more') },
  'a JPEG with a script in its comment': {
    code: 'picture-mixed',
    bytes: async () => withSegment(await jpeg(), 0xfe, '<SCRIPT src=//x>'),
  },
  'a JPEG with a PDF in its comment': {
    code: 'picture-mixed',
    bytes: async () => withSegment(await jpeg(), 0xfe, '%PDF-1.4 1 0 obj'),
  },
  'a PNG with PHP in a text': {
    code: 'picture-mixed',
    bytes: async () => withChunk(await png(), 'tEXt', 'Comment\0<?php system($_GET[0]); ?>'),
  },
  'a PNG with bytes after its end': { code: 'picture-mixed', bytes: () => then(png(), Buffer.alloc(9)) },
  'a PNG with a Java archive after it': { code: 'picture-mixed', bytes: () => then(png(), emptyZip) },
  'a GIF with a program after it': { code: 'picture-mixed', bytes: () => then(gif(), '*/=1;alert(1)') },
  'a WebP with bytes after its end': { code: 'picture-mixed', bytes: () => then(webp(), 'and more') },
  'an AVIF with a page after it': { code: 'picture-mixed', bytes: () => then(avif(), html) },

  'half a JPEG': { code: 'picture-broken', bytes: () => cut(jpeg(), 0.5) },
  'a JPEG that ends in its pixels, with the end mark set': {
    code: 'picture-broken',
    bytes: async () => Buffer.concat([await cut(plain(600, 400).jpeg().toBuffer(), 0.5), Buffer.of(0xff, 0xd9)]),
  },
  'the first bytes of a JPEG': { code: 'picture-broken', bytes: () => Buffer.of(0xff, 0xd8, 0xff, 0xe0) },
  'a JPEG whose segment is longer than the file': {
    code: 'picture-broken',
    bytes: () => Buffer.from('ffd8ffe0ffff4a464946', 'hex'),
  },
  'half a PNG': { code: 'picture-broken', bytes: () => cut(png(), 0.5) },
  'a PNG with wrong pixels': {
    code: 'picture-broken',
    bytes: () => {
      const whole = blackPng(100, 100);
      return Buffer.concat([whole.subarray(0, 33), chunk('IDAT', randomBytes(50)), whole.subarray(-12)]);
    },
  },
  'a PNG with fewer lines than it says': { code: 'picture-broken', bytes: () => blackPng(500, 500, 3) },
  'a PNG with a wrong checksum': {
    code: 'picture-broken',
    bytes: () => {
      const whole = blackPng(100, 100);
      whole[29]! ^= 1;
      return whole;
    },
  },
  'a PNG with a chunk of 4 GB': {
    code: 'picture-broken',
    bytes: async () => Buffer.concat([(await png()).subarray(0, 33), Buffer.from('ffffffff49444154', 'hex')]),
  },
  'half a WebP': { code: 'picture-broken', bytes: () => cut(webp(), 0.5) },
  'half an AVIF': { code: 'picture-broken', bytes: () => cut(avif(), 0.5) },
  'an AVIF with nothing in it': {
    code: 'picture-broken',
    bytes: () => Buffer.concat([box('ftyp', 'avif\0\0\0\0avifmif1'), box('meta', '\0\0\0\0')]),
  },
  'half a GIF': { code: 'picture-broken', bytes: () => cut(gif(), 0.5) },
  'a GIF without a frame': { code: 'picture-broken', bytes: () => tinyGif(10, 10, 0) },

  'a GIF with two frames': { code: 'picture-animated', bytes: () => tinyGif(10, 10, 2) },
  'a GIF with 100,000 frames': { code: 'picture-animated', bytes: () => tinyGif(16_000, 2_000, 100_000) },
  'an animated PNG': {
    code: 'picture-animated',
    bytes: async () => withChunk(await png(), 'acTL', Buffer.from('0000000200000000', 'hex')),
  },
  'an animated WebP': { code: 'picture-animated', bytes: () => frames(3).webp().toBuffer() },

  'a PNG of 5 kB with a line more than 40 megapixels': {
    code: 'picture-too-many-pixels',
    bytes: () => blackPng(8_000, 5_001),
  },
  'a PNG that says 65,000 × 65,000': { code: 'picture-too-long', bytes: () => blackPng(65_000, 65_000, 10) },
  'a GIF that says 65,535 × 65,535': { code: 'picture-too-long', bytes: () => tinyGif(65_535, 65_535, 1) },
  'a PNG with a side too long by one': { code: 'picture-too-long', bytes: () => blackPng(longestSide + 1, 1) },
};
