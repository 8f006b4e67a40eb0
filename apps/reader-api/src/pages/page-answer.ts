import { sendPage } from '#pages';
import type { Reading } from '#projections';
import type { Response } from 'express';
import type { Answer, Held } from '../http/answer.js';
import { etagOfBytes, holds } from '../http/etag.js';

/** A page, unless the reader holds it; tagged by its own bytes, the names of its bundles among them. */
export function pageAnswer({ log }: Pick<Reading, 'log'>, held: Held, html: string): Answer<string> {
  const etag = etagOfBytes(log, html);
  return holds(held, etag) ? { etag } : { etag, body: html };
}

/** Weakly tagged, as it may be sent compressed; to be asked for again each time. */
export function send({ etag, body }: Answer<string>, response: Response): void {
  // Said here, as the middleware that compresses says it only of answers that have a body.
  response.vary('Accept-Encoding').setHeader('ETag', `W/${etag}`).setHeader('Cache-Control', 'no-cache');
  if (body === undefined) response.status(304).end();
  else sendPage(response, body);
}
