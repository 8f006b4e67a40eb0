import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import proxyAddress from 'proxy-addr';
import { clientAddress, type RequestCounts } from './limits.js';
import { headerLimit } from './server.js';

/** Sends an answer. False if there is none after all; then nothing was sent. */
export type Served = (response: ServerResponse) => Promise<boolean>;

/**
 * Finds out whether a request may be answered before the app sees it; undefined if not. The request has passed the checks of its size,
 * and is counted for its address. Only what the app itself has answered before, to the same address, may be answered so: then the app
 * has checked that address.
 */
export type Early = (request: IncomingMessage) => Served | undefined;

type TrustsProxy = (address: string, index: number) => boolean;

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/**
 * Answers GET requests with `early` where it can, and gives all others to the app, untouched. A layer of Express, of Nest and of each
 * middleware costs several times what sending a kept answer costs.
 */
export function serveEarly(app: NestExpressApplication, counts: RequestCounts, early: Early): void {
  const server = app.getHttpServer() as Server;
  const toApp = server.listeners('request')[0] as RequestListener;
  const trusts = app.getHttpAdapter().getInstance().get('trust proxy fn') as TrustsProxy;
  const onRequest: RequestListener = (request, response) => {
    const served = mayBeEarly(request) ? early(request) : undefined;
    if (!served || counts.take(request, clientAddress({ ip: proxyAddress(request, trusts) })) > 0)
      return toApp(request, response);
    void served(response).then(
      sent => {
        if (!sent) toApp(request, response);
      },
      () => toApp(request, response),
    );
  };
  server.off('request', toApp).on('request', onRequest);
}

const mayBeEarly = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.rawHeaders.length <= 2 * headerLimit && !hasBody(request);
