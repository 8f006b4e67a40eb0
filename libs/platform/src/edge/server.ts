import type { Server } from 'node:http';
import type { EdgeSettings } from './settings.js';

/** How long a request's line and headers may take to arrive, in milliseconds. */
export const headersMs = 10_000;

/** How long a whole request may take to arrive, its body included, in milliseconds. */
export const requestMs = 30_000;

/** How many headers a request may have; Node drops what comes after them. They are 16 KiB at most: beyond that Node answers 431. */
export const headerLimit = 100;

/** Bounds what connections may take, so that a client that is slow, or opens many, costs no more than it has to. */
export function bound(server: Server, settings: Pick<EdgeSettings, 'KEEP_ALIVE_MS' | 'MAX_CONNECTIONS'>): void {
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  server.maxHeadersCount = headerLimit;
  server.keepAliveTimeout = settings.KEEP_ALIVE_MS;
  server.maxConnections = settings.MAX_CONNECTIONS;
}
