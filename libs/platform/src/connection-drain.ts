import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';

/** How long answers that have begun may take to be taken. */
const graceMs = 1_000;

/**
 * Lets no connection hold up a shutdown: neither a reader who does not take the rest of a stream, nor one that a browser
 * opened ahead of need, which Node does not count as idle before its first request.
 */
@Injectable()
export class ConnectionDrain implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server: Server = this.host.httpAdapter.getHttpServer();
    setTimeout(() => server.closeAllConnections(), graceMs).unref();
  }
}
