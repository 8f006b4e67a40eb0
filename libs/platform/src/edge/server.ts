import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { Problem } from '../problem.js';
import type { EdgeSettings } from './settings.js';

/** How long a request's line and headers may take to arrive, in milliseconds. */
export const headersMs = 10_000;

/** How long a whole request may take to arrive, its body included, in milliseconds. */
export const requestMs = 30_000;

/** How often connections are checked for requests that take too long, in milliseconds. Node's own 30 s would let each go on so much longer. */
export const checkMs = 1_000;

/** How many headers a request may have. Together they are 16 KiB at most: beyond that Node answers 431 of its own. */
export const headerLimit = 100;

/** The times that a server gives its clients; tests give shorter ones. */
const usualTimes = { headersMs, requestMs, checkMs };

/** Bounds what connections may take, so that a client that is slow, or opens many, costs no more than it has to. */
export function bound(
  server: Server,
  settings: Pick<EdgeSettings, 'KEEP_ALIVE_MS' | 'MAX_CONNECTIONS'>,
  times: typeof usualTimes = usualTimes,
): void {
  server.headersTimeout = times.headersMs;
  server.requestTimeout = times.requestMs;
  // Node reads this when the server begins to listen. Its types know it only as an option of createServer, which Nest calls.
  Object.assign(server, { connectionsCheckingInterval: times.checkMs });
  // Node drops further headers in silence, an If-Match among them; with one more than the limit the excess can be seen.
  server.maxHeadersCount = headerLimit + 1;
  server.keepAliveTimeout = settings.KEEP_ALIVE_MS;
  server.maxConnections = settings.MAX_CONNECTIONS;
}

/** Refuses a request of which Node may have dropped headers. */
export function checkHeaders({ rawHeaders }: Request, _response: Response, next: NextFunction): void {
  if (rawHeaders.length <= 2 * headerLimit) return next();
  next(new Problem(431, 'too-many-headers', `The request must have at most ${headerLimit} headers. Send fewer.`));
}
