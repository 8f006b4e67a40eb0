import { BlobError, isBlobName, type BlobStat, type BlobStore } from '#blobs';
import { Get, Inject, Logger, Param, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import parseRange from 'range-parser';
import { z } from 'zod';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { ReadProblem, problem } from './problems.js';
import { PublicFiles } from './public-files.js';
import { Reads } from './reads.js';

/** A picture may be published a moment after its update: how long a request waits for it, and how often it looks, in milliseconds. */
export const publishedWithin = { ms: 5_000, everyMs: 100 } as const;
/** How many requests may wait so; others are answered at once. */
export const mostWaiting = 100;
/** How many files a process sends at once: each holds a connection to the store, or an open file, for as long as its reader takes. */
export const mostSent = 500;

const Name = z.string().refine(isBlobName, 'must be the SHA-256 of a picture, in hex').meta({ title: 'name' });

const mediaTypes = [
  ...['image/avif', 'image/webp', 'image/jpeg'],
  ...['video/mp4', 'video/webm', 'audio/mp4', 'audio/mpeg', 'text/vtt'],
];
const header = { schema: { type: 'string' as const } };

/** How many bytes say which type a file has. */
const headBytes = 16;

/** The type of a public file by its first bytes: a rendition of `libs/pictures`, or a recording or captions of `libs/recordings`. */
export function typeOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('latin1');
  if (text.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (text.startsWith('WEBVTT')) return 'text/vtt; charset=utf-8';
  if (text.startsWith('\u001aE\u00df\u00a3')) return 'video/webm';
  if (text.startsWith('ID3') || (text[0] === '\u00ff' && (bytes[1]! & 0xe6) === 0xe2)) return 'audio/mpeg';
  if (text.slice(4, 8) !== 'ftyp') return undefined;
  return ofBrand[text.slice(8, 12)] ?? 'video/mp4';
}

/** What the brand of an MP4 says; others are videos, or may be. */
const ofBrand: Readonly<Partial<Record<string, string>>> = {
  avif: 'image/avif',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
};

@Reads('media', 'media')
/** Serves renditions of pictures, recordings and captions from the public part of the blob store. The address is the hash of the bytes, so they never change. */
export class MediaController {
  private readonly logger = new Logger('media');
  private readonly store: BlobStore | undefined;
  private readonly caching: string;
  private readonly patienceMs: number;
  private waiting = 0;
  private sending = 0;

  constructor({ store }: PublicFiles, @Inject(SETTINGS) { CACHE_PICTURES_SECONDS, SLOW_READER_MS }: ReaderSettings) {
    this.store = store;
    this.patienceMs = SLOW_READER_MS;
    this.caching = CACHE_PICTURES_SECONDS === 0 ? 'no-cache' : `public, max-age=${CACHE_PICTURES_SECONDS}, immutable`;
  }

  @Get(':name')
  @ApiOperation({ summary: 'Get a picture, a recording or captions, by an address in `media` of an entry' })
  @ApiProduces(...mediaTypes)
  @ApiHeader({ name: 'Range', description: 'One range of bytes; of several, all bytes are answered.', required: false })
  @ApiHeader({ name: 'If-Range', description: 'The ETag of the bytes that you have.', required: false })
  @ApiOkResponse({
    description: 'The bytes; their SHA-256 is the name.',
    headers: { ETag: header, 'Cache-Control': { ...header, description: 'As CACHE_PICTURES_SECONDS says.' } },
    schema: { type: 'string', format: 'binary' },
  })
  @ApiResponse({ status: 206, description: 'The range, which Content-Range names.' })
  @ReadProblem(416, 'The file has no such bytes; Content-Range says its size.')
  @ApiNotModifiedResponse({ description: 'Your copy is still published.' })
  async file(@Param('name', { schema: Name }) name: string, @Res() response: Response): Promise<void> {
    try {
      const found = await this.found(name, response.req);
      if (!found) throw problem('unknown-picture');
      await this.send(found, response);
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      // It was withdrawn between the two.
      if (error.code === 'blob-missing') throw problem('unknown-picture');
      this.logger.error({ why: error.message }, 'the blob store failed');
      throw problem('blobs-unavailable');
    }
  }

  /** Looks for the file; waits for it a moment, as far as others do not wait already. */
  private async found(name: string, request: Request): Promise<BlobStat | undefined> {
    if (!this.store) return undefined;
    const found = await this.store.stat(name);
    if (found || this.waiting >= mostWaiting) return found;
    this.waiting += 1;
    try {
      for (const end = performance.now() + publishedWithin.ms; performance.now() < end && !request.destroyed;) {
        await sleep(publishedWithin.everyMs);
        const now = await this.store.stat(name);
        if (now) return now;
      }
      return undefined;
    } finally {
      this.waiting -= 1;
    }
  }

  private async send({ name, size }: BlobStat, response: Response): Promise<void> {
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Security-Policy', `default-src 'none'; sandbox`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // A file at an address never changes, so any copy that names it is current, even where the browser was told to load again.
    const held = response.req.headers['if-none-match'] ?? '';
    if (held.includes(`"${name}"`) || held.trim() === '*') {
      this.mayBeKept(name, response);
      response.statusCode = 304;
      return void response.end();
    }
    const range = rangeOf(response.req, name, size);
    if (range === 'none') {
      response.setHeader('Content-Range', `bytes */${size}`);
      throw problem('no-such-range', `The file has ${size} bytes. Ask for some of them.`);
    }
    if (this.sending >= mostSent) throw problem('files-busy');
    this.sending += 1;
    // One who takes nothing, such as a player with a full buffer, asks for the rest later.
    response.setTimeout(this.patienceMs, () => response.destroy());
    try {
      await (range ? this.sendRange(name, size, range, response) : this.sendWhole(name, size, response));
    } finally {
      this.sending -= 1;
    }
  }

  /** Says how long caches may keep the answer. Called once nothing can turn it into an error, which they would keep as long. */
  private mayBeKept(name: string, response: Response): void {
    response.setHeader('Cache-Control', this.caching);
    response.setHeader('ETag', `"${name}"`);
  }

  private async sendWhole(name: string, size: number, response: Response): Promise<void> {
    const bytes = this.store!.get(name)[Symbol.asyncIterator]();
    try {
      const first = await bytes.next();
      const type = first.done ? undefined : typeOf(first.value);
      if (!type) throw noType(name);
      this.mayBeKept(name, response);
      response.setHeader('Content-Type', type);
      response.setHeader('Content-Length', size);
      if (response.req.method === 'HEAD') return void response.end();
      const all = async function* () {
        yield first.value as Uint8Array;
        yield* { [Symbol.asyncIterator]: () => bytes };
      };
      await passOn(all(), response);
    } finally {
      // Bytes that nobody takes would keep their file or connection open.
      await bytes.return?.();
    }
  }

  /** Part of a file: a player asks for the one that it is about to play. */
  private async sendRange(name: string, size: number, { start, end }: Range, response: Response): Promise<void> {
    let head = Buffer.alloc(0);
    const last = Math.min(headBytes, size) - 1;
    for await (const chunk of this.store!.slice(name, 0, last)) head = Buffer.concat([head, chunk]);
    const type = typeOf(head);
    if (!type) throw noType(name);
    this.mayBeKept(name, response);
    response.statusCode = 206;
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Range', `bytes ${start}-${end}/${size}`);
    response.setHeader('Content-Length', end + 1 - start);
    await passOn(this.store!.slice(name, start, end), response);
  }
}

/** Sends the bytes. A reader who leaves is no fault; a store that fails on the way breaks the answer off. */
async function passOn(bytes: AsyncIterable<Uint8Array>, response: Response): Promise<void> {
  if (response.destroyed) return;
  await pipeline(Readable.from(bytes), response).catch(() => response.destroy());
}

/** From the first byte to the last. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The one range that a request asks for; 'none' if the file has no such bytes; undefined if all bytes are to be sent. */
function rangeOf({ method, headers }: Request, name: string, size: number): Range | 'none' | undefined {
  const asked = headers.range;
  // A range of bytes of another file would be nonsense, and the bytes at an address never change.
  const condition = headers['if-range'];
  if (method !== 'GET' || asked === undefined || (condition !== undefined && condition !== `"${name}"`))
    return undefined;
  const ranges = parseRange(size, asked);
  if (ranges === -1) return 'none';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

const noType = (name: string) => new BlobError('blob-differs', `${name} is no file for readers`);
