import type { Reading } from '#projections';
import type { Response } from 'express';
import { etagOf, holds } from './etag.js';
import { pageSafeJson } from './page-safe-json.js';

/** What a query gives: the answer's tag, and the answer unless the client holds it already. */
export interface Answer<Body> {
  readonly etag: string;
  readonly body?: Body;
}

/** The If-None-Match header that came with the request. */
export type Held = string | undefined;

/** Makes the answer only when the client does not hold it. `positions` are of everything that it rests on. */
export async function answer<Body>(
  { build }: Reading,
  held: Held,
  positions: readonly number[],
  make: () => Body | Promise<Body>,
): Promise<Answer<Body>> {
  const etag = etagOf(build, ...positions);
  return holds(held, etag) ? { etag } : { etag, body: await make() };
}

/** Sends it as JSON, or says that nothing has changed. */
export function send({ etag, body }: Answer<unknown>, response: Response): void {
  response.setHeader('ETag', etag).setHeader('Cache-Control', 'no-cache');
  if (body === undefined) response.status(304).end();
  else response.type('application/json').send(Buffer.from(pageSafeJson(body)));
}
