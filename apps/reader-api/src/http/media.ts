import { BlobError, isBlobName, openBlobStore, type BlobStat, type BlobStore } from '#blobs';
import { Problem } from '#platform';
import { Get, Inject, Logger, Param, Res, type OnApplicationShutdown } from '@nestjs/common';
import { ApiNotModifiedResponse, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { Reads } from './reads.js';

/** A picture may be published a moment after its update: how long a request waits for it, and how often it looks, in milliseconds. */
export const publishedWithin = { ms: 5_000, everyMs: 100 } as const;
/** How many requests may wait so; others are answered at once. */
export const mostWaiting = 100;

const Name = z.string().refine(isBlobName, 'must be the SHA-256 of a picture, in hex').meta({ title: 'name' });

const header = { schema: { type: 'string' as const } };

/** The type of a rendition by its first bytes: one of those that `libs/pictures` makes. */
export function typeOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1');
  if (text.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  return text.slice(4, 12) === 'ftypavif' ? 'image/avif' : undefined;
}

@Reads('media', 'media')
/** Serves renditions of pictures from the public part of the blob store. The address is the hash of the bytes, so they never change. */
export class MediaController implements OnApplicationShutdown {
  private readonly logger = new Logger('media');
  private readonly store: BlobStore | undefined;
  private readonly caching: string;
  private waiting = 0;

  constructor(@Inject(SETTINGS) { BLOB_STORE, BLOB_STORE_ENDPOINT, CACHE_PICTURES_SECONDS }: ReaderSettings) {
    this.store = BLOB_STORE === undefined ? undefined : openBlobStore({ BLOB_STORE, BLOB_STORE_ENDPOINT }, 'public');
    this.caching = CACHE_PICTURES_SECONDS === 0 ? 'no-cache' : `public, max-age=${CACHE_PICTURES_SECONDS}, immutable`;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store?.close();
  }

  @Get(':name')
  @ApiOperation({ summary: 'Get a rendition of a picture, by the name in `sources` of an entry' })
  @ApiProduces('image/avif', 'image/webp', 'image/jpeg')
  @ApiOkResponse({
    description: 'The bytes; their SHA-256 is the name.',
    headers: { ETag: header, 'Cache-Control': { ...header, description: 'As CACHE_PICTURES_SECONDS says.' } },
    schema: { type: 'string', format: 'binary' },
  })
  @ApiNotModifiedResponse({ description: 'Your copy is still published.' })
  async file(@Param('name', { schema: Name }) name: string, @Res() response: Response): Promise<void> {
    try {
      const found = await this.found(name, response.req);
      if (!found) throw noPicture();
      await this.send(found, response);
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      // It was withdrawn between the two.
      if (error.code === 'blob-missing') throw noPicture();
      this.logger.error({ why: error.message }, 'the blob store failed');
      throw new Problem(503, 'blobs-unavailable', 'The store of pictures does not answer. Try again in a minute.');
    }
  }

  /** Looks for the file; waits for it a moment, as far as others do not wait already. */
  private async found(name: string, request: Request): Promise<BlobStat | undefined> {
    if (!this.store) return undefined;
    const found = await this.store.stat(name);
    if (found || this.waiting >= mostWaiting) return found;
    this.waiting += 1;
    try {
      for (const end = Date.now() + publishedWithin.ms; Date.now() < end && !request.destroyed;) {
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
    response.setHeader('Cache-Control', this.caching);
    response.setHeader('ETag', `"${name}"`);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Security-Policy', `default-src 'none'; sandbox`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // A file at an address never changes, so any copy that names it is current, even where the browser was told to load again.
    const held = response.req.headers['if-none-match'] ?? '';
    if (held.includes(`"${name}"`) || held.trim() === '*') {
      response.statusCode = 304;
      return void response.end();
    }
    const bytes = this.store!.get(name)[Symbol.asyncIterator]();
    const first = await bytes.next();
    const type = first.done ? undefined : typeOf(first.value);
    if (!type) throw new BlobError('blob-differs', `${name} is no rendition`);
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', size);
    if (response.req.method === 'HEAD') {
      await bytes.return?.();
      return void response.end();
    }
    const all = async function* () {
      yield first.value as Uint8Array;
      yield* { [Symbol.asyncIterator]: () => bytes };
    };
    // A reader who leaves is no fault; a store that fails on the way breaks the answer off.
    await pipeline(Readable.from(all()), response).catch(() => response.destroy());
  }
}

const noPicture = () => new Problem(404, 'unknown-picture', 'No picture has this address, or it was withdrawn.');
