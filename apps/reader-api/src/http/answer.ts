import type { Reading } from '#projections';
import type { Response } from 'express';
import { etagOf, holds } from './etag.js';
import { pageSafeJson } from '#pages';

/** What a query gives: the answer's tag, and the answer unless the client holds it already. */
export interface Answer<Body> {
  readonly etag: string;
  /** Set where the same question will have this answer for ever. */
  readonly lasting?: true;
  readonly body?: Body;
}

/** The If-None-Match header that came with the request. */
export type Held = string | undefined;

const forEver = 'public, max-age=31536000, immutable';

/** Makes the answer only when the client does not hold it. `positions` are of everything that it rests on. */
export async function answer<Body>(
  reading: Pick<Reading, 'build' | 'log'>,
  held: Held,
  positions: readonly number[],
  make: () => Body | Promise<Body>,
  lasting = false,
): Promise<Answer<Body>> {
  const etag = etagOf(reading, ...positions);
  const tagged = { etag, ...(lasting && { lasting }) };
  return holds(held, etag) ? tagged : { ...tagged, body: await make() };
}

/** Sends it as JSON, or says that nothing has changed. */
export function send({ etag, lasting, body }: Answer<unknown>, response: Response): void {
  response.setHeader('ETag', etag).setHeader('Cache-Control', lasting ? forEver : 'no-cache');
  if (body === undefined) response.status(304).end();
  else response.type('application/json').send(Buffer.from(pageSafeJson(body)));
}
