import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';

// A launcher may forward a signal that the terminal has already sent to the whole process group.
const echoMs = 1_000;

interface Interrupted {
  /** Called at the first request. */
  readonly onFirst?: () => void;
  /** Called when the end is forced: stops anything that would outlive the process. */
  readonly onForce?: () => void;
}

/** Returns a signal that the first Ctrl-C, or another request to end the process, aborts. A later request ends the process at once. */
export function interruption({ onFirst, onForce }: Interrupted = {}): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const heard = () => {
    if (first === undefined) {
      first = performance.now();
      onFirst?.();
      return controller.abort();
    }
    if (performance.now() - first <= echoMs) return;
    onForce?.();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  return controller.signal;
}

/** How long an orderly end may take before it is forced, in milliseconds. */
export const longestEndMs = 10_000;

/**
 * For a child process with a channel to its parent: ends in order when the parent is gone, even if it was killed. Does nothing in a
 * process that was started in any other way.
 */
export function exitWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), longestEndMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening on the channel must not keep an otherwise finished process alive.
  process.channel.unref();
}

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
