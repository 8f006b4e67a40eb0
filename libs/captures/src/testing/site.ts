import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSecureServer, type Server as SecureServer, type ServerOptions } from 'node:https';
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net';

/** A server on loopback, and the requests that it had. */
export interface Site {
  readonly port: number;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** Starts a site whose requests `answer` answers. */
export async function startSite(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Site> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  return { ...(await listening(server)), requests };
}

/** Starts a site that speaks TLS, as these settings say, and answers every request with this page. */
export async function startSecure(settings: ServerOptions, page: string): Promise<Site> {
  const requests: IncomingMessage[] = [];
  const server = createSecureServer(settings, (request, response) => {
    requests.push(request);
    response.setHeader('content-type', 'text/html').end(page);
  });
  return { ...(await listening(server)), requests };
}

/** Starts a server that writes whatever it likes, from the moment that somebody connects. */
export async function startRaw(answer: (write: (text: string) => void) => void): Promise<Omit<Site, 'requests'>> {
  const server = createSocketServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(text => socket.write(text)));
  });
  return listening(server);
}

async function listening(server: Server | SecureServer | SocketServer): Promise<Omit<Site, 'requests'>> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
