import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { Problem } from '../problem.js';
import type { EdgeSettings } from './settings.js';

/** How long a request's line and headers may take to arrive, in milliseconds. */
export const headersMs = 10_000;

/** How long a whole request may take to arrive, its body included, in milliseconds. */
export const requestMs = 30_000;

/** The interval of the check for slow requests, in milliseconds. Node's default of 30 s would extend each limit by as much. */
export const checkMs = 1_000;

/** The most headers in a request. Together they may have 16 KiB: beyond that Node answers 431. */
export const headerLimit = 100;

/** Default time limits for clients; tests use shorter ones. */
const usualTimes = { headersMs, requestMs, checkMs };

/** Limits what connections can use, so that slow or numerous clients cost as little as possible. */
export function bound(
  server: Server,
  settings: Pick<EdgeSettings, 'KEEP_ALIVE_MS' | 'MAX_CONNECTIONS'>,
  times: typeof usualTimes = usualTimes,
): void {
  server.headersTimeout = times.headersMs;
  server.requestTimeout = times.requestMs;
  // Node reads this when the server starts to listen. Its types list it only as an option of createServer, which Nest calls.
  Object.assign(server, { connectionsCheckingInterval: times.checkMs });
  // Node drops excess headers silently, an If-Match among them; one more than the limit shows that there was an excess.
  server.maxHeadersCount = headerLimit + 1;
  server.keepAliveTimeout = settings.KEEP_ALIVE_MS;
  server.maxConnections = settings.MAX_CONNECTIONS;
}

/** Refuses a request whose headers Node may have dropped. */
export function checkHeaders({ rawHeaders }: Request, _response: Response, next: NextFunction): void {
  if (rawHeaders.length <= 2 * headerLimit) return next();
  next(new Problem(431, 'too-many-headers', `The request must have at most ${headerLimit} headers. Send fewer.`));
}
