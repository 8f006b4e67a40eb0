import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { Problem } from '../problem.js';
import type { EdgeSettings } from './settings.js';

/** The interval of the check for slow requests, in milliseconds. Node's default of 30 s would extend each limit by as much. */
export const checkMs = 1_000;

/** The most headers in a request. Together they may have 16 KiB: beyond that Node answers 431. */
export const headerLimit = 100;

/** Limits what connections can use, so that slow or numerous clients cost as little as possible. */
export function bound(
  server: Server,
  settings: Pick<EdgeSettings, 'HEADERS_TIMEOUT_MS' | 'REQUEST_TIMEOUT_MS' | 'KEEP_ALIVE_MS' | 'MAX_CONNECTIONS'>,
  everyMs = checkMs,
): void {
  server.headersTimeout = settings.HEADERS_TIMEOUT_MS;
  server.requestTimeout = settings.REQUEST_TIMEOUT_MS;
  // Node reads this when the server starts to listen. Its types list it only as an option of createServer, which Nest calls.
  Object.assign(server, { connectionsCheckingInterval: everyMs });
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
