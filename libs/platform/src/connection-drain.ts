import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';

/** How long clients may take to receive answers that have begun, in milliseconds. */
const graceMs = 1_000;

/**
 * Closes connections that would delay a shutdown: readers that do not take the rest of a stream, and connections that a browser opened
 * in advance, which Node does not count as idle before their first request.
 */
@Injectable()
export class ConnectionDrain implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server: Server = this.host.httpAdapter.getHttpServer();
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
  }
}
