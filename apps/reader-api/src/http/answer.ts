import type { Reading } from '#projections';
import type { Response } from 'express';
import { pageSafeJson } from '#pages';
import { etagOf, etagOfBytes, holds } from './etag.js';

/** What a query gives: the answer's tag, and the answer unless the client holds it already. */
export interface Answer<Body> {
  readonly etag: string;
  readonly body?: Body;
}

/** The If-None-Match header that came with the request. */
export type Held = string | undefined;

/** Makes the answer only when the client does not hold it. `positions` are of everything that it rests on. */
export async function answer<Body>(
  reading: Pick<Reading, 'build' | 'log'>,
  held: Held,
  positions: readonly number[],
  make: () => Body | Promise<Body>,
): Promise<Answer<Body>> {
  const etag = etagOf(reading, ...positions);
  return holds(held, etag) ? { etag } : { etag, body: await make() };
}

/** An answer about the past, tagged by its own bytes: whatever is obeyed in the past as well (a takedown, say) cannot be missed. */
export function answerOfPast<Body>({ log }: Pick<Reading, 'log'>, held: Held, body: Body): Answer<Body> {
  const etag = etagOfBytes(log, pageSafeJson(body));
  return holds(held, etag) ? { etag } : { etag, body };
}

/** A text of some media type, made whole of one log's rows. */
export interface Document {
  readonly type: string;
  readonly text: string;
  readonly log: Reading['log'];
}

/** Sends a document tagged by its bytes, or says that nothing has changed. */
export function sendDocument({ type, text, log }: Document, held: Held, response: Response): void {
  const etag = etagOfBytes(log, text);
  response.setHeader('ETag', etag).setHeader('Cache-Control', 'no-cache');
  if (holds(held, etag)) response.status(304).end();
  else response.setHeader('Content-Type', type).send(Buffer.from(text));
}

/** Sends it as JSON, or says that nothing has changed. Caches may keep it for ever, and must ask each time whether it still holds. */
export function send({ etag, body }: Answer<unknown>, response: Response): void {
  response.setHeader('ETag', etag).setHeader('Cache-Control', 'no-cache');
  if (body === undefined) response.status(304).end();
  else response.type('application/json').send(Buffer.from(pageSafeJson(body)));
}
